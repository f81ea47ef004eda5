import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';
import { send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);
afterEach(() => {
  cloud.clock.ahead = 0;
});
const { client } = cloud;
const minute = 60_000;

function put(key: string, storageClass: string) {
  return client.put(key, Buffer.from('hello'), { headers: { 'x-oss-storage-class': storageClass } });
}

function restore(key: string, body = '') {
  return send(cloud, { method: 'POST', key, query: { restore: '' }, body: Buffer.from(body) });
}

async function stateOf(key: string): Promise<string | undefined> {
  return (await send(cloud, { method: 'HEAD', key })).headers['x-oss-restore']?.toString();
}

/** A request of the time that the cloud's clock shows. */
async function fetchAt(minutes: number, key: string) {
  const url = await client.signatureUrlV4('GET', 7 * 24 * 3600, {}, key);
  cloud.clock.ahead = minutes * minute;
  const answer = await fetch(url);
  return [answer.status, answer.headers.get('x-oss-restore')];
}

describe('an archived object', () => {
  test.each(['Archive', 'ColdArchive', 'DeepColdArchive'])(
    'of class %s is listed and told of, but not read [documented]',
    async (storageClass) => {
      await put('frozen', storageClass);
      expect(await failure(client.get('frozen'))).toMatchObject({ status: 403, code: 'InvalidObjectState' });
      expect(await failure(client.copy('copy', 'frozen'))).toMatchObject({ code: 'InvalidObjectState' });
      expect((await client.head('frozen')).res.headers['x-oss-storage-class']).toBe(storageClass);
    },
  );

  test('is restored after a while, for a while [documented]', async () => {
    await put('thaw', 'Archive');
    expect((await restore('thaw')).status).toBe(202);
    expect(await stateOf('thaw')).toBe('ongoing-request="true"');
    expect(await restore('thaw')).toMatchObject({ status: 409, code: 'RestoreAlreadyInProgress' });
    expect((await client.list({ prefix: 'thaw' })).objects.length).toBe(1);
    expect(await fetchAt(2, 'thaw')).toEqual([
      200,
      expect.stringMatching(/^ongoing-request="false", expiry-date="/),
    ]);
    expect(await fetchAt(2 + 24 * 60, 'thaw')).toEqual([403, null]);
  });

  test('is restored for longer when asked again [documented]', async () => {
    await put('longer', 'Archive');
    await restore('longer');
    cloud.clock.ahead = 2 * minute;
    expect((await restore('longer')).status).toBe(200);
    cloud.clock.ahead = 0;
    expect((await fetchAt(36 * 60, 'longer'))[0]).toBe(200);
  });

  test.each(['Expedited', 'Standard', 'Bulk'])(
    "ColdArchive with priority %s [observed in an official SDK's tests]",
    async (tier) => {
      await put('cold', 'ColdArchive');
      const job = `<JobParameters><Tier>${tier}</Tier></JobParameters>`;
      const answer = await restore('cold', `<RestoreRequest><Days>5</Days>${job}</RestoreRequest>`);
      expect([answer.status, answer.headers['x-oss-object-restore-priority']]).toEqual([202, tier]);
    },
  );

  test.each([
    ['ColdArchive', '<JobParameters><Tier>wrong</Tier></JobParameters>', 'InvalidArgument'],
    ['Archive', '<JobParameters><Tier>Bulk</Tier></JobParameters>', 'MalformedXML'],
    ['Archive', '<Days>8</Days>', 'InvalidArgument'],
    ['Archive', '<Days>x</Days>', 'MalformedXML'],
    ['IA', '', 'OperationNotSupported'],
  ])("%s with %s: %s [observed in an official SDK's tests]", async (storageClass, content, code) => {
    await put('refused', storageClass);
    const body = `<RestoreRequest>${content}</RestoreRequest>`;
    expect(await restore('refused', body)).toMatchObject({ status: 400, code });
  });
});
