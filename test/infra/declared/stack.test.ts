import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve as resolvePath } from 'node:path';
import { dump, load } from 'js-yaml';
import { expect, test } from 'vitest';
import { readStack } from '../../../infra/declared/stack';
import { resolve } from '../../../infra/declared/variables';
import { newFolder } from '../local/new-folder';

const accountId = '1234567890123456';

test('the stack of s.yaml is the resource with the component ros, its variables resolved [assumed]', async () => {
  const stack = await readStack('s.yaml', {
    accountId,
    env: { ENVELOPE_NAME: 'mine', ENVELOPE_VAULT_BUCKET: 'v' },
  });
  expect(stack).toMatchObject({
    resource: 'infra',
    template: resolvePath('infra/template.yaml'),
    parameters: { Name: 'mine', VaultBucket: 'v', InboxBucket: 'oss-envelope-inbox' },
  });
});

test('nor is it the alarms, wherever they stand [assumed]', async () => {
  const file = join(await newFolder(), 's.yaml');
  const { resources, ...rest } = Object(load(await readFile('s.yaml', 'utf8')));
  const { infra, alarms } = resources;
  await writeFile(file, dump({ ...rest, resources: { alarms, infra } }));
  expect(await readStack(file, { accountId, env: {} })).toMatchObject({ resource: 'infra' });
});

const sources = { vars: {}, env: {}, accountId, folder: '/app' };
const key = `\${resources.infra.info.Key}`;

test.each([
  [`\${path('./a.yaml')}`, {}, '/app/a.yaml'],
  [key, { infos: { infra: { Key: 'k' } } }, 'k'],
  [`\${resources.infra.info.Key},x`, { infos: { infra: { Key: 'k' } } }, 'k,x'],
  [key, {}, key],
])('%j with %j is %j [assumed]', (text, more, expected) => {
  expect(resolve(text, { ...sources, ...more })).toBe(expected);
});

test('what a resource does not answer with is refused once it is there [assumed]', () => {
  expect(() => resolve(key, { ...sources, infos: { infra: {} } })).toThrow(
    `Cannot resolve ${key}: the resource does not answer with it`,
  );
});
