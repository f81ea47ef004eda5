import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { deployBench } from './deployment';
import { formsOfContent, leaksOf, signaturesIn } from './leaks';

const content = Buffer.concat([Buffer.from('what must stay secret here'), randomBytes(100)]);
const signedUrl = `https://downloads/plain/x?x-oss-expires=300&x-oss-signature=${'ab'.repeat(16)}`;
const secrets = new Set([...formsOfContent(content), ...signaturesIn(signedUrl)]);

function leaksIn(line: string): string[] {
  return leaksOf({ reports: [{ logs: [line] }], cloud: { journal: { entries: () => [] } }, secrets });
}

describe('a line leaks', () => {
  const dataKey = randomBytes(32);
  test.each([
    ['the token of a role', '{"detail":"CAISabcdefgh"}'],
    ['the access key of a role', 'STS.NUabcdefgh'],
    ['a signed URL', signedUrl],
    ['only its signature', `"detail":"${'ab'.repeat(16)}"`],
    ['a signature of FC or KMS', 'GET /?Signature=abc%3D'],
    ['a header of OSS', 'authorization: OSS4-HMAC-SHA256 Credential=x,Signature=y'],
    ['an answer of KMS', '{"KeyId":"x","Plaintext":"x"}'],
    ['a wrapped key', '{"CiphertextBlob":"x"}'],
    ['a data key in base64', `"detail":"${dataKey.toString('base64')}"`],
    ['a data key in hex', dataKey.toString('hex')],
    ['a data key as JSON', JSON.stringify(dataKey)],
    ['a data key as it is printed', `<Buffer ${dataKey[0]?.toString(16)} 01 …>`],
    ['a content', JSON.stringify({ detail: content.toString('latin1') })],
    ['a text', JSON.stringify({ detail: content.subarray(0, 30).toString('utf8') })],
    ['a content in base64', content.toString('base64')],
    ['a content in hex', content.toString('hex')],
  ])('%s', (_, line) => {
    expect(leaksIn(line)).toEqual([line]);
  });

  test.each([
    '{"outcome":"sealed","key":"a.txt","eTag":"0CC175B9C0F1B6A831C399E269772661","versionId":"CAEQcQ7CWje5xnywZy2jZtYhPgAsX"}',
    '{"outcome":"failed","code":"oss-refused","detail":"403 AccessDenied 0003-00000001 6A5F3B"}',
    '{"key":"plain/7q4mYzXxk3s8xGmS5tq1Qe0cJvT2hJ9u1o0d7bKc2aE","operation":"PutObject"}',
  ])('and this one does not: %s', (line) => {
    expect(leaksIn(line)).toEqual([]);
  });
});

test.each([
  ['a log', 'logs', [signedUrl]],
  ['the error of a function', 'error', { errorType: 'Error', errorMessage: signedUrl }],
])('a bench with a leak in %s does not close', async (_, field, told) => {
  const bench = await deployBench();
  const report = { functionName: 'f', requestId: 'r', durationMs: 1, maxMemoryBytes: 1, cpuMs: 1, logs: [] };
  bench.reports.push({ ...report, [field]: told });
  await expect(bench.close()).rejects.toThrow('a secret is told of');
});
