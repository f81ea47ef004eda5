import { Command } from '@commander-js/extra-typings';
import { type Letter, letterIn } from '../../cloud/letter';
import { mendOf } from '../../cloud/mend';
import { deadLetterQueue } from '../../cloud/queue';
import { run } from '../../session/run';
import type { Output } from '../../terminal/output';
import { shown } from '../../terminal/shown';
import { missing } from './chosen';
import { walk } from './walk';

export function showCommand() {
  return new Command('show')
    .description('one letter: why, when, how often tried, its event, what to do')
    .argument('<id>', 'as dead-letters list tells it')
    .addHelpText(
      'after',
      '\nExample:\n  oss-envelope dead-letters show 5F290C926D472878-2-14D9529A8FA-200000001',
    )
    .exitOverride()
    .action((id, _, command) =>
      run(command, async ({ output, session: open }) => {
        const queue = deadLetterQueue(await open());
        let found: Letter | undefined;
        const isComplete = await walk(queue, async (message) => {
          if (message.id === id) found = letterIn(message);
          return { isLast: found !== undefined };
        });
        if (!found) throw missing([id], isComplete);
        say(output, found);
      }),
    );
}

function say(output: Output, letter: Letter): void {
  const { id, code, sentence, functionName, requestId, at, tries, event } = letter;
  const mend = mendOf(letter);
  output.item({ ...letter, mend, event: parsed(event) });
  const rows = [
    ['letter', id],
    ['code', code],
    ['why', sentence],
    ['when', at.toISOString()],
    ['tried', tries === undefined ? 'nobody says' : `${tries} time${tries === 1 ? '' : 's'}`],
    ['function', `${functionName}, request ${requestId}`],
    ['to do', mend],
  ];
  for (const [name = '', value = ''] of rows) output.say(`${name.padEnd(9)} ${value}`);
  if (event !== undefined) output.say(`event\n${pretty(parsed(event))}`);
}

/** As the function got it, where it is no JSON. */
function parsed(event: string | undefined): unknown {
  try {
    return JSON.parse(event ?? '');
  } catch {
    return event;
  }
}

function pretty(event: unknown): string {
  return JSON.stringify(event, undefined, 2).split('\n').map(shown).join('\n');
}
