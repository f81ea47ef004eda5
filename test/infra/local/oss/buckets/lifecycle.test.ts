import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const day = 24 * 60 * 60_000;
const hello = Buffer.from('hello');

let cloud: Cloud;
beforeEach(async () => {
  cloud = await startCloud();
});
afterEach(() => cloud.close());

async function rules(
  ...contents: string[]
): Promise<{ status: number; code: string | undefined; body: string }> {
  const rule = (content: string) => `<Rule><Status>Enabled</Status>${content}</Rule>`;
  const document = `<LifecycleConfiguration>${contents.map(rule).join('')}</LifecycleConfiguration>`;
  return send(cloud, { method: 'PUT', key: '', query: { lifecycle: '' }, body: Buffer.from(document) });
}

// The server's clock alone moves, so the client must not sign with a time of long ago afterwards.
async function passDays(days: number): Promise<void> {
  cloud.clock.ahead = days * day;
  await cloud.oss.tick();
  cloud.clock.ahead = 0;
}

async function keys(): Promise<string[]> {
  return ((await cloud.client.list()).objects ?? []).map(({ name }) => name);
}

describe('expiration', () => {
  test('after some days of what is under a prefix [documented]', async () => {
    for (const key of ['log/a', 'kept']) await cloud.client.put(key, hello);
    await rules('<Prefix>log/</Prefix><Expiration><Days>3</Days></Expiration>');
    await passDays(2.9);
    expect(await keys()).toEqual(['kept', 'log/a']);
    await passDays(3);
    expect(await keys()).toEqual(['kept']);
  });

  test('of what was last changed before a date [documented]', async () => {
    await cloud.client.put('a', hello);
    const expire = (date: string) =>
      rules(`<Prefix></Prefix><Expiration><CreatedBeforeDate>${date}</CreatedBeforeDate></Expiration>`);
    await expire('2020-01-01T00:00:00.000Z');
    await passDays(0);
    expect(await keys()).toEqual(['a']);
    await expire('2100-01-01T00:00:00.000Z');
    await passDays(0);
    expect(await keys()).toEqual([]);
  });

  test('only of objects with all the tags [documented]', async () => {
    await cloud.client.put('a', hello, { headers: { 'x-oss-tagging': 'k=v&x=y' } });
    await cloud.client.put('b', hello, { headers: { 'x-oss-tagging': 'k=v' } });
    const tag = (key: string, value: string) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`;
    await rules(`<Prefix></Prefix>${tag('k', 'v')}${tag('x', 'y')}<Expiration><Days>1</Days></Expiration>`);
    await passDays(1);
    expect(await keys()).toEqual(['b']);
  });

  test('but not of the exceptions of a filter [documented]', async () => {
    for (const key of ['log/a', 'log/not/a']) await cloud.client.put(key, hello);
    await cloud.client.put('log/large', Buffer.alloc(100));
    const filter =
      '<Filter><ObjectSizeLessThan>50</ObjectSizeLessThan><Not><Prefix>log/not/</Prefix></Not></Filter>';
    await rules(`<Prefix>log/</Prefix>${filter}<Expiration><Days>1</Days></Expiration>`);
    await passDays(1);
    expect(await keys()).toEqual(['log/large', 'log/not/a']);
  });

  test('hides the object behind a delete marker where versions are kept [documented]', async () => {
    await cloud.client.putBucketVersioning('inbox', 'Enabled');
    await cloud.client.put('a', hello);
    await rules('<Prefix></Prefix><Expiration><Days>1</Days></Expiration>');
    await passDays(1);
    await passDays(1);
    const { objects, deleteMarker } = await cloud.client.getBucketVersions();
    expect([objects.length, deleteMarker.length]).toEqual([1, 1]);
  });

  test('of a rule that is disabled never comes [documented]', async () => {
    await cloud.client.put('a', hello);
    const rule = '<Rule><Prefix/><Status>Disabled</Status><Expiration><Days>1</Days></Expiration></Rule>';
    const body = Buffer.from(`<LifecycleConfiguration>${rule}</LifecycleConfiguration>`);
    await send(cloud, { method: 'PUT', key: '', query: { lifecycle: '' }, body });
    await passDays(100);
    expect(await keys()).toEqual(['a']);
  });
});

describe('versions', () => {
  test('go some days after a newer one came, the current one stays [documented]', async () => {
    await cloud.client.putBucketVersioning('inbox', 'Enabled');
    for (const _ of [1, 2, 3]) await cloud.client.put('a', hello);
    await rules(
      '<Prefix></Prefix><NoncurrentVersionExpiration><NoncurrentDays>2</NoncurrentDays></NoncurrentVersionExpiration>',
    );
    await passDays(1);
    expect((await cloud.client.getBucketVersions()).objects.length).toBe(3);
    await passDays(2);
    expect((await cloud.client.getBucketVersions()).objects.map(({ isLatest }) => isLatest)).toEqual([true]);
  });

  test('a delete marker goes when it is all that is left [documented]', async () => {
    await cloud.client.putBucketVersioning('inbox', 'Enabled');
    await cloud.client.put('a', hello);
    await cloud.client.delete('a');
    await cloud.client.delete('alone');
    await rules(
      '<Prefix></Prefix><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>',
    );
    await passDays(0);
    const { deleteMarker } = await cloud.client.getBucketVersions();
    expect(deleteMarker.map(({ name }) => name)).toEqual(['a']);
  });
});

test('unfinished uploads are aborted, and their parts go [documented]', async () => {
  const { uploadId } = await cloud.client.initMultipartUpload('a');
  await cloud.client.uploadPart('a', uploadId, 1, hello, 0, 5);
  await rules('<Prefix></Prefix><AbortMultipartUpload><Days>1</Days></AbortMultipartUpload>');
  await passDays(0.5);
  expect((await cloud.client.listUploads()).uploads.length).toBe(1);
  await passDays(1);
  expect((await cloud.client.listUploads()).uploads).toEqual([]);
});

test('a transition changes the storage class, to the coldest that is due [documented]', async () => {
  await cloud.client.put('a', hello);
  const to = (days: number, storageClass: string) =>
    `<Transition><Days>${days}</Days><StorageClass>${storageClass}</StorageClass></Transition>`;
  await rules(`<Prefix></Prefix>${to(30, 'IA')}${to(60, 'Archive')}`);
  const storageClass = async () => (await cloud.client.head('a')).res.headers['x-oss-storage-class'];
  await passDays(30);
  expect(await storageClass()).toBe('IA');
  await passDays(60);
  expect(await storageClass()).toBe('Archive');
});

test('what the rules did outlives a restart [assumed]', async () => {
  for (const key of ['a', 'b']) await cloud.client.put(key, hello);
  await rules('<Prefix>a</Prefix><Expiration><Days>1</Days></Expiration>');
  await passDays(1);
  await cloud.restart();
  expect(await keys()).toEqual(['b']);
});

test('a rule without an ID is given one [documented]', async () => {
  await rules('<Prefix></Prefix><Expiration><Days>1</Days></Expiration>');
  const { body } = await send(cloud, { method: 'GET', key: '', query: { lifecycle: '' } });
  expect(elementOf(body, 'ID')).toMatch(/^[0-9a-f-]{36}$/);
});

const expire = (days: string) => `<Expiration><Days>${days}</Days></Expiration>`;
const tag = '<Tag><Key>a</Key><Value>b</Value></Tag>';
const midday = '<Expiration><CreatedBeforeDate>2020-01-01T12:00:00.000Z</CreatedBeforeDate></Expiration>';

describe('rules are refused', () => {
  test.each([
    ['no action', ['<Prefix/>'], 'InvalidArgument'],
    ['no day', ['<Prefix/><Expiration></Expiration>'], 'MalformedXML'],
    ['zero days', [`<Prefix/>${expire('0')}`], 'InvalidArgument'],
    ['part of a day', [`<Prefix/>${expire('1.5')}`], 'InvalidArgument'],
    ['a date at midday', [`<Prefix/>${midday}`], 'InvalidArgument'],
    [
      'one id twice',
      [`<ID>a</ID><Prefix>a</Prefix>${expire('1')}`, `<ID>a</ID><Prefix>b</Prefix>${expire('1')}`],
      'InvalidArgument',
    ],
    ['overlap', [`<Prefix>a</Prefix>${expire('1')}`, `<Prefix>a/b</Prefix>${expire('2')}`], 'InvalidRequest'],
    [
      'a tag for parts',
      [`<Prefix/>${tag}<AbortMultipartUpload><Days>1</Days></AbortMultipartUpload>`],
      'InvalidArgument',
    ],
    [
      'a transition to Standard',
      ['<Prefix/><Transition><Days>1</Days><StorageClass>Standard</StorageClass></Transition>'],
      'InvalidArgument',
    ],
    [
      'deletion before transition',
      [`<Prefix/><Transition><Days>9</Days><StorageClass>IA</StorageClass></Transition>${expire('3')}`],
      'InvalidArgument',
    ],
    [
      'days and dates',
      [
        `<Prefix/><Transition><Days>9</Days><StorageClass>IA</StorageClass></Transition>${midday.replace('12', '00')}`,
      ],
      'InvalidRequest',
    ],
  ])('%s [documented]', async (_what, contents, code) => {
    expect(await rules(...contents)).toMatchObject({ status: 400, code });
  });
});
