import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Credentials } from '../../../../../infra/local/ram/credentials';
import { createClient } from '../client';
import { root, startCloud } from '../cloud';
import { answerTo, beginRequest, send, sendUnsigned, signedHeaders } from '../raw';

const stranger: Credentials = {
  accessKeyId: 'LTAIstranger',
  accessKeySecret: 'another',
  arn: 'acs:ram::1999000000000000:root',
};
const cloud = await startCloud({ blockPublicAccess: false });
afterAll(cloud.close);
cloud.temporary.set(stranger.accessKeyId, stranger);
const other = createClient({ endpoint: cloud.oss.endpoint, bucket: 'inbox', credentials: stranger });
const payer = { 'x-oss-request-payer': 'requester' };
const get = { method: 'GET', key: 'a' };

function sendAs(credentials: Credentials, headers: Record<string, string>) {
  const client = createClient({ endpoint: cloud.oss.endpoint, bucket: 'inbox', credentials });
  return answerTo(beginRequest(cloud, get, signedHeaders(client, { ...get, headers })));
}

beforeAll(async () => {
  await cloud.client.put('a', Buffer.from('hello'), { headers: { 'x-oss-object-acl': 'public-read' } });
  const body = Buffer.from(
    '<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>',
  );
  await send(cloud, { method: 'PUT', key: '', query: { requestPayment: '' }, body });
});

test('nobody reads without a signature where the requester pays [documented]', async () => {
  const answer = await sendUnsigned(cloud, get);
  expect([answer.status, answer.code, answer.headers['x-oss-ec']]).toEqual([
    403,
    'AccessDenied',
    '0003-00000701',
  ]);
});

test("another account reads when it says that it pays [observed in an official SDK's tests]", async () => {
  const refused = await sendAs(stranger, {});
  expect([refused.status, refused.headers['x-oss-ec']]).toEqual([403, '0003-00000702']);
  expect((await sendAs(stranger, payer)).status).toBe(200);
});

test('the owner need not say it [documented]', async () => {
  expect((await sendAs(root, {})).status).toBe(200);
});

test('a signed URL says it among its parameters [documented]', async () => {
  const without = await fetch(await other.signatureUrlV4('GET', 60, {}, 'a'));
  const said = await fetch(await other.signatureUrlV4('GET', 60, { queries: payer }, 'a'));
  expect([without.status, said.status]).toEqual([403, 200]);
});
