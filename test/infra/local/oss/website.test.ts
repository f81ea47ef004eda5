import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { startCloud } from './cloud';
import { send, sendUnsigned } from './raw';

const cloud = await startCloud({ blockPublicAccess: false });
afterAll(cloud.close);

await send(cloud, { method: 'PUT', key: '', query: { acl: '' }, headers: { 'x-oss-acl': 'public-read' } });
for (const name of ['index.html', 'sub/index.html', 'error.html', 'page'])
  await cloud.client.put(name, Buffer.from(name));

const get = (key: string) => ({ method: 'GET', key });
const site = (index: string, error = '') =>
  send(cloud, {
    method: 'PUT',
    key: '',
    query: { website: '' },
    body: Buffer.from(
      `<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix>${index}</IndexDocument>${error}</WebsiteConfiguration>`,
    ),
  });
const ofEachFolder = '<SupportSubDir>true</SupportSubDir>';
const errorPage = '<ErrorDocument><Key>error.html</Key></ErrorDocument>';
const answered = async (key: string) => {
  const { status, body, headers } = await sendUnsigned(cloud, get(key));
  return [status, status === 302 ? headers.location : body.startsWith('<?xml') ? 'xml' : body];
};

afterEach(() => send(cloud, { method: 'DELETE', key: '', query: { website: '' } }));

describe('a website', () => {
  test('answers its index page for itself, without a signature [documented]', async () => {
    await site('');
    expect(await answered('')).toEqual([200, 'index.html']);
    expect((await send(cloud, get(''))).body).toContain('<ListBucketResult>');
  });

  test("answers it for every key that ends in a slash [observed in an official SDK's tests]", async () => {
    await site('');
    expect(await answered('sub/')).toEqual([200, 'index.html']);
    expect((await send(cloud, get('any/'))).body).toBe('index.html');
  });

  test('may have an index page in each folder [documented]', async () => {
    await site(ofEachFolder);
    expect(await answered('sub/')).toEqual([200, 'sub/index.html']);
  });

  test.each([
    ['', 302, '/sub/'],
    ['<Type>0</Type>', 302, '/sub/'],
    ['<Type>1</Type>', 404, 'error.html'],
    ['<Type>2</Type>', 200, 'sub/index.html'],
  ])('with %j answers a missing key that is a folder with %i %s [documented]', async (type, status, told) => {
    await site(ofEachFolder + type, errorPage);
    expect(await answered('sub')).toEqual([status, told]);
  });

  test('answers its error page for what is missing [documented]', async () => {
    await site('', errorPage);
    expect(await answered('missing')).toEqual([404, 'error.html']);
    await site('', '<ErrorDocument><Key>error.html</Key><HttpStatus>200</HttpStatus></ErrorDocument>');
    expect(await answered('missing')).toEqual([200, 'error.html']);
    expect(await answered('page')).toEqual([200, 'page']);
  });

  test('has no page for what is signed and missing [assumed]', async () => {
    await site('', errorPage);
    expect(await send(cloud, get('missing'))).toMatchObject({ status: 404, code: 'NoSuchKey' });
  });

  test('without an error page there is the error [assumed]', async () => {
    await site('');
    expect(await answered('missing')).toEqual([404, 'xml']);
  });

  test('shows no page that is not public [documented]', async () => {
    await site('', errorPage);
    await cloud.client.putACL('error.html', 'private');
    expect(await answered('missing')).toEqual([403, 'xml']);
    await cloud.client.putACL('error.html', 'default');
  });
});

test('a bucket that is none lists itself [documented]', async () => {
  expect((await sendUnsigned(cloud, get(''))).body).toContain('<ListBucketResult>');
  expect(await answered('sub/')).toEqual([404, 'xml']);
});

test("a mirror rule tells that it passes the query on [observed in an official SDK's tests]", async () => {
  const rule =
    '<RoutingRules><RoutingRule><RuleNumber>1</RuleNumber><Redirect><RedirectType>Mirror</RedirectType><MirrorURL>http://a.com/</MirrorURL><MirrorPassQueryString>true</MirrorPassQueryString></Redirect></RoutingRule></RoutingRules>';
  await site('', rule);
  const { body } = await send(cloud, { method: 'GET', key: '', query: { website: '' } });
  expect(body).toContain('<PassQueryString>true</PassQueryString></Redirect>');
});
