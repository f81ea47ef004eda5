import { createHash } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createClient, failure } from '../client';
import { root, startCloud } from '../cloud';
import { send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);
beforeEach(() => cloud.events.splice(0));
const { client } = cloud;

function post(xml: string, headers: Record<string, string> = {}, query: Record<string, string> = {}) {
  const body = Buffer.from(xml);
  const md5 = createHash('md5').update(body).digest('base64');
  const signed = { 'content-md5': md5, ...headers };
  return send(cloud, { method: 'POST', key: '', query: { delete: '', ...query }, headers: signed, body });
}

function entry(key: string): string {
  return `<Object><Key>${key}</Key></Object>`;
}

describe('DeleteMultipleObjects', () => {
  test("deletes what is there and what is not [observed in an official SDK's tests]", async () => {
    for (const key of ['a', 'b']) await client.put(key, Buffer.from(key));
    const { deleted } = await client.deleteMulti(['a', 'b', 'missing']);
    expect(deleted.map(({ Key }) => Key)).toEqual(['a', 'b', 'missing']);
    expect((await client.list()).objects).toEqual([]);
    const told = cloud.events.filter(({ eventName }) => eventName === 'ObjectRemoved:DeleteObjects');
    expect(told.map(({ oss }) => oss.object.key)).toEqual(['a', 'b']);
  });

  test("quietly: no body [observed in an official SDK's tests]", async () => {
    await client.put('a', Buffer.from('a'));
    const { res, deleted } = await client.deleteMulti(['a'], { quiet: true });
    expect([res.status, res.headers['content-length'], deleted]).toEqual([200, '0', []]);
    expect((await client.list()).objects).toEqual([]);
  });

  test("keys of any character, as references and encoded in the answer [observed in an official SDK's tests]", async () => {
    const key = '\u0001\u0008\f\r&<>"\' 你%41+';
    const written = [...key].map((character) => `&#x${character.codePointAt(0)?.toString(16)};`).join('');
    await client.put(key, Buffer.from('odd'));
    const answer = await post(`<Delete>${entry(written)}</Delete>`, {}, { 'encoding-type': 'url' });
    expect(answer.body).toContain('<EncodingType>url</EncodingType>');
    expect(answer.body).toContain(`<Key>${encodeURIComponent(key).replaceAll("'", '%27')}</Key>`);
    expect((await client.list()).objects).toEqual([]);
  });

  test.each([
    ['', '0016-00000608'],
    ['no xml', '0016-00000608'],
    ['<Delete></Delete>', '0016-00000608'],
    ['<Delete><Object><Key>a</Key></Delete>', '0016-00000608'],
    ['<Other><Object><Key>a</Key></Object></Other>', '0016-00000608'],
    ['<Delete><Object><VersionId>null</VersionId></Object></Delete>', '0016-00000613'],
    [`<Delete>${entry('a').repeat(1001)}</Delete>`, '0016-00000609'],
  ])('%.60s is malformed [documented]', async (xml, ec) => {
    await client.put('a', Buffer.from('a'));
    const refused = await post(xml);
    expect(refused).toMatchObject({ status: 400, code: 'MalformedXML' });
    expect(refused.headers['x-oss-ec']).toBe(ec);
    expect((await client.head('a')).status).toBe(200);
  });

  test('a thousand keys are fine [documented]', async () => {
    expect((await post(`<Delete>${entry('a').repeat(1000)}</Delete>`)).status).toBe(200);
  });

  test('needs the Content-MD5 of its body [documented]', async () => {
    const xml = `<Delete>${entry('a')}</Delete>`;
    expect(await post(xml, { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' })).toMatchObject({
      code: 'InvalidDigest',
    });
    const request = { method: 'POST', key: '', query: { delete: '' }, body: Buffer.from(xml) };
    expect(await send(cloud, request)).toMatchObject({ status: 400, code: 'MissingArgument' });
  });

  test("a version id that cannot be one is refused [observed in an official SDK's tests]", async () => {
    const refused = client.deleteMulti([{ key: 'a', versionId: '234' }]);
    expect(await failure(refused)).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });
});

test("with versioning: markers are put, versions and markers go by id [observed in an official SDK's tests]", async () => {
  await client.putBucket('versioned');
  await client.putBucketVersioning('versioned', 'Enabled');
  const versioned = createClient({ endpoint: cloud.oss.endpoint, bucket: 'versioned', credentials: root });
  const { res } = await versioned.put('a', Buffer.from('a'));
  const versionId = String(res.headers['x-oss-version-id']);
  const [hidden] = (await versioned.deleteMulti(['a'])).deleted;
  expect(hidden).toMatchObject({
    Key: 'a',
    DeleteMarker: 'true',
    DeleteMarkerVersionId: expect.stringMatching(/^CAEQ/),
  });
  expect(hidden).not.toHaveProperty('VersionId');
  const marker = String(hidden?.DeleteMarkerVersionId);
  const { deleted } = await versioned.deleteMulti([
    { key: 'a', versionId },
    { key: 'a', versionId: marker },
  ]);
  expect(deleted).toEqual([
    { Key: 'a', VersionId: versionId },
    { Key: 'a', VersionId: marker, DeleteMarker: 'true', DeleteMarkerVersionId: marker },
  ]);
  expect((await versioned.deleteMulti([{ key: 'a', versionId }])).deleted).toEqual([
    { Key: 'a', VersionId: versionId },
  ]);
  const { objects, deleteMarker } = await versioned.getBucketVersions();
  expect([objects, deleteMarker]).toEqual([[], []]);
});
