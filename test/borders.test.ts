import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oss-envelope-borders-'));
  for (const name of ['.biome.jsonc', '.biome']) cpSync(name, join(folder, name), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

type Probe = { file: string; specifier: string; kind: string };

/** What the linter says of files that have one import each, by file and import. One run for as many as differ by name. */
function lint(probes: Probe[]): Map<string, string> {
  const said = new Map<string, string>();
  for (let left = probes; left.length > 0; ) {
    const now = left.filter(({ file }, index) => left.findIndex((probe) => probe.file === file) === index);
    for (const { file, specifier, kind } of now) write(file, specifier, kind);
    const lines = report(now.map(({ file }) => file)).split('\n');
    for (const probe of now) {
      said.set(idOf(probe), lines.filter((line) => line.includes(`/${probe.file},line=`)).join('\n'));
      rmSync(join(folder, probe.file));
    }
    left = left.filter((probe) => !now.includes(probe));
  }
  return said;
}

function idOf({ file, specifier, kind }: Probe): string {
  return `${kind} ${file} ${specifier}`;
}

function write(file: string, specifier: string, kind: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), `${kind} { x } from '${specifier}';\nexport const y: typeof x = x;\n`);
}

function report(files: string[]): string {
  const args = ['lint', '--vcs-enabled=false', '--reporter=github', '--max-diagnostics=none', ...files];
  return spawnSync(resolve('node_modules/.bin/biome'), args, { cwd: folder }).stdout.toString();
}

const REFUSED = [
  ['functions/log.ts', '../infra/local/cloud', 'it imports nothing of cli/ or infra/'],
  ['functions/encrypt/uploads.ts', 'ali-oss', 'Only functions/cloud/*-client.ts load an SDK'],
  ['functions/envelope/header.ts', '../config', 'The envelope knows its format and faults'],
  ['functions/envelope/layout.ts', 'node:crypto', 'layout.ts is arithmetic'],
  ['functions/transfer/transfer.ts', '../cloud/objects', 'it knows neither OSS nor crypto'],
  ['functions/cloud/inbox.ts', '../transfer/transfer', 'cloud/ translates between OSS, KMS and our words'],
  ['functions/cloud/inbox.ts', '@alicloud/kms20160120', 'SDKs come from *-client.ts'],
  ['functions/encrypt/seal-upload.ts', '../cloud/inbox', 'import types only from cloud/'],
  ['functions/decrypt/open-download.ts', '../cloud/vault', 'import types only from cloud/'],
  ['functions/sweep/sweep-inbox.ts', '../cloud/inbox', 'import types only from cloud/'],
  ['infra/run/start.ts', 'ali-oss', 'Each SDK stays behind one file'],
  ['cli/session/credentials.ts', '../../functions/decrypt/audit', 'Use cases stay the functions'],
  ['cli/envelope/rewrap.ts', '../../functions/encrypt/seal-upload', 'Use cases stay the functions'],
  ['cli/commands/get/index.ts', '../../../functions/sweep/orders', 'Use cases stay the functions'],
  ['cli/cloud/caller.ts', '../commands/put', 'knows none of them'],
  ['cli/formats/kms.ts', '../commands/kms-decrypt', 'knows none of them'],
  ['cli/commands/put/sealing.ts', '../get/opening', 'A command knows nothing of another'],
  ['cli/commands/put/index.ts', '../inspect', 'A command knows nothing of another'],
  ['cli/commands/seal.ts', './put/labels', 'A command knows nothing of another'],
  ['cli/commands/doctor/declared.ts', '../../../infra/local/oss/server', 'stands on what is declared'],
  ['cli/session/local-cloud.ts', '../../infra/run/deployment', 'stands on what is declared'],
  ['infra/declared/stack.ts', '../local/ram/policy', 'it knows nobody who wants to know'],
  ['infra/local/cloud.ts', '../../functions/fault', 'nothing of functions/, cli/'],
  ['infra/local/cloud.ts', '../run/deployment', 'or the programs that run it'],
  ['infra/local/oss/server.ts', 'ali-oss', 'and no SDK'],
] as const;

const PASSED = [
  ['functions/encrypt/seal-upload.ts', '../cloud/inbox', 'import type'],
  ['functions/encrypt/index.ts', '../cloud/inbox', 'import'],
  ['functions/cloud/oss-client.ts', 'ali-oss', 'import'],
  ['functions/cloud/fc-client.ts', '@alicloud/fc2', 'import'],
  ['functions/sweep/index.ts', '../cloud/leftovers', 'import'],
  ['functions/envelope/header.ts', '../fault', 'import'],
  ['cli/commands/index.ts', './put', 'import'],
  ['cli/commands/put/index.ts', '../../cloud/queue', 'import'],
  ['cli/commands/put/index.ts', './upload', 'import'],
  ['cli/commands/seal.ts', '../files/stdin', 'import'],
  ['cli/commands/get/directly.ts', '../../../functions/decrypt/ranges', 'import'],
  ['cli/envelope/rewrap.ts', '../../functions/encrypt/settle', 'import'],
  ['cli/commands/status/reason.ts', '../../../functions/sweep/due', 'import'],
  ['cli/session/credentials.ts', '@alicloud/credentials', 'import'],
  ['cli/session/local-cloud.ts', '../../infra/local/data/lock', 'import'],
  ['cli/commands/doctor/declared.ts', '../../../infra/declared/stack', 'import'],
  ['infra/local/cloud.ts', '../declared/stack', 'import'],
  ['infra/run/acs3.ts', '@alicloud/openapi-util', 'import'],
] as const;

describe('the linter refuses an import over a border, in words', () => {
  let said: Map<string, string>;
  beforeAll(() => {
    const refused = REFUSED.map(([file, specifier]) => ({ file, specifier, kind: 'import' }));
    const passed = PASSED.map(([file, specifier, kind]) => ({ file, specifier, kind }));
    said = lint([...refused, ...passed]);
  });

  test.each(REFUSED)('%s imports %s', (file, specifier, words) => {
    expect(said.get(idOf({ file, specifier, kind: 'import' }))).toContain(words);
  });

  test.each(PASSED)('and lets pass: %s, %s, %s', (file, specifier, kind) => {
    expect(said.get(idOf({ file, specifier, kind }))).not.toMatch(/noRestrictedImports|plugin/);
  });

  test('a cycle of imports, types included', () => {
    write('functions/one.ts', './two', 'import type');
    write('functions/two.ts', './one', 'import type');
    expect(report(['functions/one.ts', 'functions/two.ts'])).toContain('cycle');
  });
});
