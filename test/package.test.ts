import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { describe, expect, test } from 'vitest';
import manifest, { allowScripts } from '../package.json';

const BUNDLES = ['functions', 'cli', 'cloud'];

describe('what others wrote', () => {
  test('no package runs a script when it is installed, and those that would like to are named', () => {
    const { packages } = read('package-lock.json') as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const wish = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript);
    expect(wish.map((path) => path.replace(/^.*node_modules\//, '')).sort()).toEqual(
      Object.keys(allowScripts),
    );
    expect(Object.values(allowScripts).filter(Boolean)).toEqual([]);
    expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
  });

  test.each(BUNDLES)('%s: one ali-oss, and nothing of what no call of ours needs', (name) => {
    const doubtful = bundled(name).filter((id) =>
      /^(ali-oss|axios|core-js|regenerator-runtime|ws)@/.test(id),
    );
    expect(doubtful).toEqual(['ali-oss@6.23.0']);
  });

  test('the bill of materials has every package of which something is in a bundle', () => {
    const sbom = execFileSync('npm', ['run', '--silent', 'sbom'], { encoding: 'utf8' });
    const { components } = JSON.parse(sbom) as { components: { 'bom-ref': string }[] };
    const listed = new Set(components.map((component) => component['bom-ref']));
    const all = BUNDLES.flatMap(bundled);
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter((id) => !listed.has(id))).toEqual([]);
  });
});

test.each([
  ['16.20.2', 1],
  ['20.2.0', 1],
  ['20.11.1', 1],
  ['20.12.0', undefined],
  ['22.0.0', undefined],
  ['100.0.0', undefined],
])('Node %s: exit %s', (node, code) => {
  const [said, exits]: [string[], number[]] = [[], []];
  const process = {
    ...{ versions: { node }, argv: ['node', 'program', '--json'] },
    ...{ stderr: { write: (text: string) => said.push(text) }, exit: (code: number) => exits.push(code) },
  };
  const text = readFileSync('cli/node-version.cjs', 'utf8');
  compileFunction(text, ['require', 'process'])(() => manifest, process);
  expect([exits[0], said.map((line) => JSON.parse(line).error.message)]).toEqual([
    code,
    code ? [`Cannot run on Node ${node}: it is older than 20.12`] : [],
  ]);
});

test.each(['cli/oss-envelope', 'local/start', 'local/cloud', 'local/cloud-matrix', 'local/env-check'])(
  '%s looks at its Node before it loads anything, and says nothing of what its libraries use',
  (program) => {
    const text = readFileSync(`dist/${program}.js`, 'utf8');
    const [first = ''] = text.replace(/^#!.*\n/, '').split('\n"use strict";\n');
    expect(first).toMatch(/^process\.noDeprecation = true;\n/);
    expect([first.includes('node-too-old'), first.includes('require(')]).toEqual([true, false]);
  },
);

function bundled(name: string): string[] {
  return (read(`dist/${name}.json`) as { packages: string[] }).packages;
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
