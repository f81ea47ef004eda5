import { once } from 'node:events';
import { connect } from 'node:net';
import { CreateKeyRequest, DecryptRequest, ListKeysRequest } from '@alicloud/kms20160120';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type RunningKms, refusal, runKms, signedQuery } from './running-kms';

let kms: RunningKms;
let KeyId: string;
beforeAll(async () => {
  kms = await runKms();
  KeyId = (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata.keyId;
});
afterAll(() => kms.close());

afterEach(async () => {
  const { totalCount } = await kms.client.listKeys(new ListKeysRequest({}));
  expect(Number(totalCount)).toBe(1);
});

async function send(text: string): Promise<string> {
  const socket = connect(kms.port, '127.0.0.1').setEncoding('utf8');
  socket.on('error', () => undefined);
  let answer = '';
  socket.on('data', (piece) => {
    answer += piece;
  });
  socket.end(text);
  await once(socket, 'close');
  return answer;
}

const get = async (query: string) => (await fetch(`${kms.endpoint}/?${query}`)).json();
const sign = (own: Record<string, string>) =>
  signedQuery(own, { method: 'GET', credentials: kms.accessKeys.root, now: Date.now });

test('a query above the limit is an error that the real client can read [assumed]', async () => {
  const ciphertextBlob = 'A'.repeat(200_000);
  const failing = refusal(kms.client.decrypt(new DecryptRequest({ ciphertextBlob })));
  expect(await failing).toMatchObject({ code: 'ParseRequestParameterException', status: 400 });
});

test.each(['nonsense\r\n\r\n', 'GET / HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n'])(
  'what is not HTTP is answered as such: %j [assumed]',
  async (text) => {
    const answer = await send(text);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"Code":"ParseRequestParameterException"');
  },
);

test('a parameter given twice is refused, in query and form alike [assumed]', async () => {
  const query = sign({ Action: 'DescribeKey', KeyId });
  expect(await get(`${query}&KeyId=other`)).toMatchObject({ Code: 'InvalidParameter' });
  const form = { method: 'POST', body: new URLSearchParams({ KeyId: 'other' }) };
  const both = await fetch(`${kms.endpoint}/?${query}`, form);
  expect(await both.json()).toMatchObject({ Code: 'InvalidParameter' });
});

test.each(['%', '%zz', '%ED%A0%80', '%00', '%FF'])(
  'bytes that are no UTF-8 are not what was signed: %s [assumed]',
  async (bytes) => {
    const query = sign({ Action: 'DescribeKey', KeyId }).replace(KeyId, bytes);
    expect(await get(query)).toMatchObject({ Code: 'IncompleteSignature' });
  },
);

test.each(['constructor', '__proto__', '\0', '../../ram/root', 'x'.repeat(10_000), 'ü😀'])(
  'KeyId=%.20s is a key not found [documented]',
  async (wrong) => {
    const { status, body } = await kms.call({ Action: 'DescribeKey', KeyId: wrong });
    expect([status, body.Code]).toEqual([404, 'Forbidden.KeyNotFound']);
  },
);

test.each(['acs:', 'acs:kms', 'acs:kms:cn-hangzhou:1234567890123456:key/', 'alias/', 'alias/__proto__'])(
  'KeyId=%s names nothing [documented]',
  async (wrong) => {
    expect((await kms.call({ Action: 'DescribeKey', KeyId: wrong })).status).toBe(404);
  },
);

test('a context of 8193 characters is one too long [documented]', async () => {
  for (const [characters, code] of [
    [8192, undefined],
    [8193, 'InvalidParameter'],
  ] as const) {
    const EncryptionContext = `{"a":"${'x'.repeat(characters - 8)}"}`;
    const own = { Action: 'GenerateDataKey', KeyId, EncryptionContext };
    expect((await kms.call(own, { form: true })).body.Code).toBe(code);
  }
});

test.each(['32.0', '0x20', ' 32', '1e2', '-1', 'NaN', '99999999999999999999'])(
  'NumberOfBytes=%s is no number of bytes [documented]',
  async (NumberOfBytes) => {
    const { body } = await kms.call({ Action: 'GenerateDataKey', KeyId, NumberOfBytes });
    expect(body.Code).toBe('InvalidParameter');
  },
);

test('a client that goes away in the middle of its form hurts nobody [assumed]', async () => {
  const type = 'content-type: application/x-www-form-urlencoded\r\ncontent-length: 1000';
  await send(`POST / HTTP/1.1\r\nhost: a\r\n${type}\r\n\r\nAction=CreateKey`);
});

test("a GET without nonce and with milliseconds is signed well enough [observed in an official SDK's tests]", async () => {
  const timestamp = new Date().toISOString();
  const query = sign({ Action: 'ListKeys', SignatureNonce: '', Timestamp: timestamp });
  expect(await get(query)).toMatchObject({ TotalCount: 1 });
});
