import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandLine } from '../../cli/commands';
import manifest from '../../package.json';
import { ossEnvelope } from './command';

const README = readFileSync('cli/README.md', 'utf8');

test('tells its version', async () => {
  const { code, stdout } = await ossEnvelope(['--version']);
  expect({ code, said: stdout.toString() }).toEqual({ code: 0, said: `${manifest.version}\n` });
});

test.each(commandLine().commands.map((command) => [command.name(), command] as const))(
  'help %s has an example, and cli/README.md has the command',
  (_, command) => {
    expect(README).toContain(`\`${command.name()}\``);
    const leaves = command.commands.length > 0 ? command.commands : [command];
    for (const leaf of leaves) {
      let help = '';
      leaf.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(help).toMatch(/Examples?:\n {2}/);
    }
  },
);
