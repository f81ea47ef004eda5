import { afterAll, describe, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);

const call = (method: string, sub: string, body?: string) =>
  send(cloud, { method, key: '', query: { [sub]: '' }, ...(body && { body: Buffer.from(body) }) });

const statement = {
  Action: ['oss:GetObject'],
  Effect: 'Allow',
  Principal: ['1234567890'],
  Resource: ['acs:oss:*:1234567890:inbox/*'],
};
const policy = (changes: object, version: unknown = '1') =>
  JSON.stringify({ Version: version, Statement: [{ ...statement, ...changes }] }, null, 1);

test('PutBucketPolicy is given back as it came in [documented]', async () => {
  expect((await call('PUT', 'policy', policy({}))).status).toBe(200);
  const { headers, body } = await call('GET', 'policy');
  expect([headers['content-type'], body]).toEqual(['application/json', policy({})]);
  expect(elementOf((await call('GET', 'policyStatus')).body, 'IsPublic')).toBe('false');
  expect((await call('DELETE', 'policy')).status).toBe(204);
  expect(await call('GET', 'policy')).toMatchObject({ status: 404, code: 'NoSuchBucketPolicy' });
  expect(await call('GET', 'policyStatus')).toMatchObject({ status: 404, code: 'NoSuchBucketPolicy' });
});

describe('PutBucketPolicy refuses', () => {
  test.each([
    ['a version that is a number [documented]', policy({}, 1)],
    ['another version [documented]', policy({}, '2')],
    ['no effect [assumed]', policy({ Effect: undefined })],
    ['no action [assumed]', policy({ Action: undefined })],
    ['an action and its negation [assumed]', policy({ NotAction: 'oss:*' })],
    ['a resource that is no text [assumed]', policy({ Resource: [1] })],
    ['no statement [assumed]', '{"Version":"1","Statement":[]}'],
    ['what is no JSON [assumed]', '{"Version":"1"'],
    ['a list [assumed]', '[]'],
    ['more than 16 KB [documented]', policy({ Action: 'a'.repeat(17_000) })],
  ])('%s', async (_what, document) => {
    const refused = await call('PUT', 'policy', document);
    expect(refused).toMatchObject({ status: 400, code: 'InvalidPolicyDocument' });
  });
});

test('PutBucketPolicy refuses to let everybody in while public access is blocked [documented]', async () => {
  const everybody = policy({ Principal: ['*'] });
  expect(await call('PUT', 'policy', everybody)).toMatchObject({ status: 403, code: 'AccessDenied' });
  await call('DELETE', 'publicAccessBlock');
  expect((await call('PUT', 'policy', everybody)).status).toBe(200);
  expect(elementOf((await call('GET', 'policyStatus')).body, 'IsPublic')).toBe('true');
});
