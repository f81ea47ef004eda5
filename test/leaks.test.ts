import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { deployBench } from './deployment';
import { formsOfContent, formsOfName, leaksOf, signaturesIn } from './leaks';

const content = Buffer.concat([Buffer.from('what must stay secret here'), randomBytes(100)]);
const signedUrl = `https://downloads/plain/x?x-oss-expires=300&x-oss-signature=${'ab'.repeat(16)}`;
const secrets = new Set([...formsOfContent(content), ...signaturesIn(signedUrl)]);

const key = '报告/a "b".pdf';
const names = new Set(formsOfName(key));

/** `line`: of a log; `entry`: of the journal. */
function leaksIn(line?: string, entry?: object): string[] {
  const journal = { entries: () => (entry ? [entry] : []) };
  return leaksOf({
    reports: [{ logs: line === undefined ? [] : [line] }],
    cloud: { journal },
    secrets,
    names,
  });
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
    ['the name of an object', JSON.stringify({ outcome: 'failed', detail: `${key}: not there` })],
    ['the name of an object in a URL', JSON.stringify({ outcome: 'failed', detail: encodeURI(key) })],
    ['what is no line of ours', '[urllib:warn] [Mon Nov 23 2026] callback twice!!!'],
    ['what is no line of ours but JSON', '{"level":"warn"}'],
  ])('%s', (_, line) => {
    expect(leaksIn(line)).toEqual([line]);
  });

  test.each([
    '{"outcome":"sealed","key":"a.txt","eTag":"0CC175B9C0F1B6A831C399E269772661","versionId":"CAEQcQ7CWje5xnywZy2jZtYhPgAsX"}',
    '{"outcome":"failed","code":"oss-refused","detail":"403 AccessDenied 0003-00000001 6A5F3B"}',
    '{"outcome":"sealed","versionId":"CAEQcQ7CWje5xnywCAISY2jZtYhPgAsX","envelopeVersionId":"a-CAISx_CAISy"}',
  ])('and this one does not: %s', (line) => {
    expect(leaksIn(line)).toEqual([]);
  });

  test('the journal has the names of objects', () => {
    expect(leaksIn(undefined, { key, object: 'plain/7q4mYzXxk3s8xGmS5tq1Qe0cJvT2hJ9u1o0d7bKc2aE' })).toEqual(
      [],
    );
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

describe('nothing but its lines leaves a function', () => {
  test.each(['encrypt', 'decrypt', 'sweep'])(
    '%s writes in one place, and knows neither console nor standard error',
    (name) => {
      const text = readFileSync(`dist/${name}/index.js`, 'utf8');
      expect(text.match(/process\.(stdout|stderr)\b|_rawDebug|emitWarning/g)).toEqual(['process.stdout']);
      expect(text.match(/\bconsole\b.{2}/g)).toEqual(['console")']);
      expect(text).toContain('process.removeAllListeners("warning")');
    },
  );

  test.each([
    ['a warning', "process.emitWarning('a secret.pdf')", 0, []],
    [
      'an error in a callback',
      "setImmediate(() => { throw new RangeError('a secret.pdf') })",
      1,
      [line('RangeError')],
    ],
    ['a promise that nobody caught', "Promise.reject(new TypeError('a secret.pdf'))", 1, [line('TypeError')]],
  ])('%s', (_, code, status, lines) => {
    const argv = ['-e', `require('./dist/sweep/index.js'); ${code}`];
    const { stdout, stderr, ...ended } = spawnSync(process.execPath, argv);
    expect({ status: ended.status, stderr: stderr.toString() }).toEqual({ status, stderr: '' });
    const told = stdout.toString().split('\n').filter(Boolean);
    expect(told.map((text) => JSON.parse(text))).toEqual(lines);
  });
});

function line(name: string) {
  const message = 'Cannot finish: an unforeseen error, see the log';
  return {
    outcome: 'failed',
    code: 'internal',
    message,
    detail: expect.stringMatching(`^${name} at .+:\\d+:\\d+\\)?$`),
  };
}
