const assert = require('node:assert/strict');
const { randomBytes } = require('node:crypto');
const { Agent } = require('node:http');
const OSS = require('ali-oss');
const { check, refusal, settings, versionOf } = require('./claims');

const { accessKeyId, accessKeySecret, bucket, region } = settings;
const common = { accessKeyId, accessKeySecret, region: `oss-${region}`, bucket, authorizationV4: true };
const pathStyle = { ...common, endpoint: settings.oss, sldEnable: true };
const oss = new OSS(pathStyle);

// As in production, but for the address that the names resolve to.
const lookup = (_name, options, found) =>
  options.all ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4);
const virtualHost = new OSS({
  ...common,
  endpoint: `http://oss-${region}-internal.aliyuncs.com:${new URL(settings.oss).port}`,
  agent: new Agent({ lookup }),
});

const content = randomBytes(300_000);
const key = "päth/a b+c&d='e'(1)!.bin";
const get = async (...request) => (await oss.get(...request)).content;

async function refused(call, { code, status }) {
  const error = await refusal(call);
  assert.equal(error.code, code);
  assert.equal(error.name, `${code}Error`);
  assert.equal(error.status, status);
  assert.match(error.requestId, /^[0-9A-F]{24}$/);
}

check(versionOf('ali-oss'), {
  'a bucket is made, listed and described': async () => {
    await oss.putBucket(bucket);
    const { buckets } = await oss.listBuckets({ prefix: bucket });
    assert.deepEqual([buckets[0].name, buckets[0].region], [bucket, `oss-${region}`]);
    assert.equal((await oss.getBucketInfo(bucket)).bucket.Name, bucket);
  },
  'put, head and get bring back bytes, type and metadata': async () => {
    await oss.put(key, content, { mime: 'image/x-odd', meta: { owner: 'someone' } });
    const { res, meta } = await oss.head(key);
    assert.deepEqual([res.headers['content-type'], meta.owner], ['image/x-odd', 'someone']);
    assert.deepEqual(await get(key), content);
  },
  'virtual-host style under the production name sees the same object': async () => {
    assert.deepEqual((await virtualHost.get(key)).content, content);
  },
  'getStream and putStream': async () => {
    await oss.putStream('streamed', (await oss.getStream(key)).stream);
    assert.deepEqual(await get('streamed'), content);
  },
  'a range, as the standard has it and as OSS has it': async () => {
    assert.deepEqual(await get(key, { headers: { Range: 'bytes=5-9' } }), content.subarray(5, 10));
    const beyond = { Range: `bytes=5-${content.length}` };
    assert.deepEqual(await get(key, { headers: beyond }), content);
    const standard = { ...beyond, 'x-oss-range-behavior': 'standard' };
    assert.deepEqual(await get(key, { headers: standard }), content.subarray(5));
  },
  'listing by prefix, delimiter and page': async () => {
    for (const name of ['list/1', 'list/2', 'list/deep/3']) await oss.put(name, Buffer.from(name));
    const page = await oss.listV2({ prefix: 'list/', delimiter: '/', 'max-keys': '2' });
    assert.equal(page.isTruncated, true);
    assert.deepEqual(
      page.objects.map(({ name }) => name),
      ['list/1', 'list/2'],
    );
    const rest = { prefix: 'list/', delimiter: '/', 'continuation-token': page.nextContinuationToken };
    assert.deepEqual((await oss.listV2(rest)).prefixes, ['list/deep/']);
    assert.equal((await oss.list({ prefix: 'list/' })).objects.length, 3);
  },
  'a multipart upload': async () => {
    const big = randomBytes(350_000);
    await oss.multipartUpload('multipart', big, { partSize: 102_400, parallel: 2 });
    assert.deepEqual(await get('multipart'), big);
    assert.match((await oss.head('multipart')).res.headers.etag, /^"[0-9A-F]{32}-4"$/);
  },
  tags: async () => {
    await oss.putObjectTagging(key, { colour: 'blue' });
    assert.deepEqual((await oss.getObjectTagging(key)).tag, { colour: 'blue' });
  },
  'with versions, a delete hides and a versioned delete removes': async () => {
    await oss.putBucketVersioning(bucket, 'Enabled');
    const first = (await oss.put('versioned', Buffer.from('1'))).res.headers['x-oss-version-id'];
    const second = (await oss.put('versioned', Buffer.from('2'))).res.headers['x-oss-version-id'];
    const marker = (await oss.delete('versioned')).res.headers['x-oss-version-id'];
    await refused(() => oss.get('versioned'), { code: 'NoSuchKey', status: 404 });
    assert.equal(String(await get('versioned', { versionId: first })), '1');
    await oss.delete('versioned', { versionId: marker });
    await oss.delete('versioned', { versionId: second });
    assert.equal(String(await get('versioned')), '1');
    await refused(() => oss.get('versioned', { versionId: second }), { code: 'NoSuchVersion', status: 404 });
  },
  'a signed URL works for its key and method, and not with a parameter added': async () => {
    const url = await oss.signatureUrlV4('GET', 60, {}, key);
    const answer = await fetch(url);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), content);
    assert.equal((await fetch(`${url}&more=1`)).status, 403);
    assert.equal((await fetch(url, { method: 'DELETE' })).status, 403);
  },
  'a missing key is NoSuchKey, of get and of head': async () => {
    await refused(() => oss.get('missing'), { code: 'NoSuchKey', status: 404 });
    await refused(() => oss.head('missing'), { code: 'NoSuchKey', status: 404 });
  },
  'a missing bucket is NoSuchBucket': async () => {
    const missing = new OSS({ ...pathStyle, bucket: `${bucket}-missing` });
    await refused(() => missing.list({}), { code: 'NoSuchBucket', status: 404 });
  },
  'a full bucket is not deleted': async () => {
    await refused(() => oss.deleteBucket(bucket), { code: 'BucketNotEmpty', status: 409 });
  },
  'a wrong secret is SignatureDoesNotMatch, an unknown key InvalidAccessKeyId': async () => {
    const wrong = new OSS({ ...pathStyle, accessKeySecret: 'wrong' });
    await refused(() => wrong.get(key), { code: 'SignatureDoesNotMatch', status: 403 });
    const unknown = new OSS({ ...pathStyle, accessKeyId: 'LTAIunknown' });
    await refused(() => unknown.get(key), { code: 'InvalidAccessKeyId', status: 403 });
  },
  'signature V1 is refused': async () => {
    const v1 = new OSS({ ...pathStyle, authorizationV4: false });
    const error = await refusal(() => v1.get(key));
    assert.deepEqual(
      [error.status, error.ecCode ?? error.res?.headers?.['x-oss-ec']],
      [403, '0002-00000080'],
    );
  },
});
