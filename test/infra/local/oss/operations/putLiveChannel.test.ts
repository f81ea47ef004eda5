import { afterAll, describe, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);

const call = (method: string, key: string, query: Record<string, string> = {}, body = '') =>
  send(cloud, { method, key, query: { live: '', ...query }, body: Buffer.from(body) });
const channel = (target: string) =>
  `<LiveChannelConfiguration><Description>d</Description><Target>${target}</Target></LiveChannelConfiguration>`;
const put = (key: string) => call('PUT', key, {}, channel('<Type>HLS</Type>'));

describe('a live channel', () => {
  test("is made, and told of with its defaults [observed in an official SDK's tests]", async () => {
    const { status, body } = await put('one');
    const host = cloud.oss.endpoint.replace('http://', '');
    expect([status, body]).toEqual([200, expect.stringContaining(`<Url>http://inbox.127.0.0.1:`)]);
    expect(body).toContain('/one/playlist.m3u8</Url>');
    expect(host).toContain('localhost');
    const told = (await call('GET', 'one')).body;
    const names = ['Description', 'Status', 'Type', 'FragDuration', 'FragCount', 'PlaylistName'];
    expect(names.map((name) => elementOf(told, name))).toEqual([
      'd',
      'enabled',
      'HLS',
      '5',
      '3',
      'playlist.m3u8',
    ]);
  });

  test("is idle, has no history, and can be disabled [observed in an official SDK's tests]", async () => {
    await put('two');
    expect(elementOf((await call('GET', 'two', { comp: 'stat' })).body, 'Status')).toBe('Idle');
    expect((await call('GET', 'two', { comp: 'history' })).body).not.toContain('<LiveRecord>');
    expect((await call('PUT', 'two', { status: 'disabled' })).status).toBe(200);
    expect(elementOf((await call('GET', 'two')).body, 'Status')).toBe('disabled');
    expect(elementOf((await call('GET', 'two', { comp: 'stat' })).body, 'Status')).toBe('Disabled');
  });

  test("has no playlist, as nothing was streamed [observed in an official SDK's tests]", async () => {
    await put('three');
    const query = { vod: '', startTime: '1', endTime: '2' };
    for (const request of [
      { method: 'GET', key: 'three', query },
      { method: 'POST', key: 'three/vod.m3u8', query },
    ])
      expect(await send(cloud, request)).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  test.each([
    ['<Type>RTMP</Type>', undefined],
    ['<Type>HLS</Type><FragDuration>101</FragDuration>', '0044-00000014'],
    ['<Type>HLS</Type><FragCount>0</FragCount>', '0044-00000015'],
    ['<Type>HLS</Type><PlaylistName>list.txt</PlaylistName>', '0044-00000018'],
    ['<Type>HLS</Type><PlaylistName>a/list.m3u8</PlaylistName>', '0044-00000018'],
  ])('with the target %s is refused with %s [documented]', async (target, ec) => {
    const refused = await call('PUT', 'odd', {}, channel(target));
    expect([refused.status, refused.code, refused.headers['x-oss-ec']]).toEqual([400, 'InvalidArgument', ec]);
  });

  test('keeps its bucket from being deleted [documented]', async () => {
    await cloud.client.putBucket('live');
    const body = Buffer.from(channel('<Type>HLS</Type>'));
    await send(cloud, { method: 'PUT', bucket: 'live', key: 'c', query: { live: '' }, body });
    const refused = await send(cloud, { method: 'DELETE', bucket: 'live', key: '' });
    expect([refused.status, refused.headers['x-oss-ec']]).toEqual([409, '0015-00000303']);
  });

  test("is gone after DeleteLiveChannel [observed in an official SDK's tests]", async () => {
    await put('gone');
    expect((await call('DELETE', 'gone')).status).toBe(204);
    expect(await call('GET', 'gone')).toMatchObject({ status: 404, code: 'NoSuchLiveChannel' });
  });

  test.each(['', 'stat', 'history'])('that is missing has no comp=%s [documented]', async (comp) => {
    const query: Record<string, string> = comp ? { comp } : {};
    expect(await call('GET', 'none', query)).toMatchObject({ status: 404, code: 'NoSuchLiveChannel' });
  });

  test('outlives a restart [assumed]', async () => {
    await put('kept');
    await cloud.restart();
    expect((await call('GET', 'kept')).status).toBe(200);
  });
});
