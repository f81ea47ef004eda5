import { expect, test } from 'vitest';
import { resolve } from '../../../infra/declared/variables';

const sources = {
  vars: {
    inbox: `\${env('INBOX', 'example-inbox')}`,
    memory: 512,
    deep: { a: { b: 'c' } },
    loop: `\${vars.pool}`,
    pool: `\${vars.loop}`,
    unset: `\${env('UNSET')}`,
  },
  env: { INBOX: 'inbox', EMPTY: '' },
  accountId: '1234567890123456',
};

test.each([
  [`\${vars.inbox}`, 'inbox'],
  [`\${vars.memory}`, 512],
  [`x\${vars.memory}y`, 'x512y'],
  [`\${vars.deep.a.b}`, 'c'],
  [`\${vars.deep.a}`, { b: 'c' }],
  [`\${env('EMPTY', 'default')}`, 'default'],
  [`\${env('OTHER','a default')}`, 'a default'],
  [
    `acs:oss:\${env('R', 'cn-hangzhou')}:\${config('AccountID')}:\${vars.inbox}`,
    'acs:oss:cn-hangzhou:1234567890123456:inbox',
  ],
  [{ list: [`\${vars.inbox}`, 1, null] }, { list: ['inbox', 1, null] }],
])('%j is %j [documented]', (given, expected) => {
  expect(resolve(given, sources)).toEqual(expected);
});

test.each([
  [`\${env('EMPTY')}`, `Cannot resolve \${env('EMPTY')}: EMPTY is not set and has no default`],
  [`\${env('UNSET')}`, `Cannot resolve \${env('UNSET')}: UNSET is not set and has no default`],
  [
    `\${env('constructor')}`,
    `Cannot resolve \${env('constructor')}: constructor is not set and has no default`,
  ],
  [`\${vars.unset}`, `Cannot resolve \${env('UNSET')}: UNSET is not set and has no default`],
  [`\${vars.inbx}`, `Cannot resolve \${vars.inbx}: there is no such variable`],
  [`\${vars.deep.x}`, `Cannot resolve \${vars.deep.x}: there is no such variable`],
  [`\${vars.loop}`, `Cannot resolve \${vars.loop}: it refers to itself`],
  [`x\${vars.deep}`, `Cannot resolve \${vars.deep}: it is not one value`],
  [
    `\${config('Region')}`,
    `Cannot resolve \${config('Region')}: the local cloud does not know this expression`,
  ],
  [
    `\${resources.a.output.b}`,
    `Cannot resolve \${resources.a.output.b}: the local cloud does not know this expression`,
  ],
])('%s is refused: %s [assumed]', (given, message) => {
  expect(() => resolve(given, sources)).toThrow(message);
});
