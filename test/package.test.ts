import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { load } from 'js-yaml';
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

describe('what is packed', () => {
  const [{ files, unpackedSize }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' }),
  ) as [{ files: { path: string }[]; unpackedSize: number }];
  const paths = files.map(({ path }) => path);

  test('is the command line, the local cloud, the functions and what deploys them', () => {
    const needed = [
      ...[
        'package.json',
        'README.md',
        'LICENSE',
        's.yaml',
        '.env.example',
        'infra/template.yaml',
        'infra/alarms.yaml',
      ],
      ...['cli/oss-envelope.cjs', 'cli/node-version.cjs', 'dist/cli/oss-envelope.js'],
      ...['encrypt', 'decrypt', 'sweep'].map((name) => `dist/${name}/index.js`),
      ...['cloud', 'runtime', 'env-check'].map((name) => `dist/local/${name}.js`),
    ];
    expect(needed.filter((path) => !paths.includes(path))).toEqual([]);
  });

  test('is small, needs no other package, and has nothing that a clone builds with', () => {
    expect(unpackedSize).toBeLessThan(8e6);
    expect(manifest).not.toHaveProperty('dependencies');
    expect(paths.filter((path) => /\.(ts|mjs|map|tgz)$|^\.env$|^test\//.test(path))).toEqual([]);
  });
});

test('what the registry of Serverless Devs offers is this version; its template engine leaves s.yaml as it is', () => {
  const published = load(readFileSync('publish.yaml', 'utf8'));
  const { name: Name, version: Version } = manifest;
  expect(published).toMatchObject({ Edition: '3.0.0', Type: 'Project', Name, Version });
  expect(readFileSync('s.yaml', 'utf8')).not.toMatch(/\{\{|<%/);
});

test.each([
  ['16.20.2', '20.12'],
  ['20.2.0', '20.12'],
  ['20.11.1', '20.12'],
  ['20.12.0', undefined],
  ['21.6.2', '22'],
  ['22.0.0', undefined],
  ['100.0.0', undefined],
])('Node %s is older than %s', (node, oldest) => {
  const [said, exits]: [string[], number[]] = [[], []];
  const process = {
    ...{ versions: { node }, argv: ['node', 'program', '--json'] },
    ...{ stderr: { write: (text: string) => said.push(text) }, exit: (code: number) => exits.push(code) },
  };
  const text = readFileSync('cli/node-version.cjs', 'utf8');
  compileFunction(text, ['require', 'process'])(() => manifest, process);
  expect([exits[0], said.map((line) => JSON.parse(line).error.message)]).toEqual([
    oldest && 1,
    oldest ? [`Cannot run on Node ${node}: it is older than ${oldest}`] : [],
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
