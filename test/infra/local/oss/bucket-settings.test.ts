import { afterAll, describe, expect, test } from 'vitest';
import { settings } from '../../../../infra/local/oss/settings';
import { startCloud } from './cloud';
import { type RawAnswer, send } from './raw';

const cloud = await startCloud();
afterAll(cloud.close);

function call(method: string, sub: string, body?: string): Promise<RawAnswer> {
  return send(cloud, { method, key: '', query: { [sub]: '' }, ...(body && { body: Buffer.from(body) }) });
}

const documents: Record<string, string> = {
  accessmonitor: '<AccessMonitorConfiguration><Status>Enabled</Status></AccessMonitorConfiguration>',
  bucketArchiveDirectRead:
    '<ArchiveDirectReadConfiguration><Enabled>true</Enabled></ArchiveDirectReadConfiguration>',
  cors: '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule><ResponseVary>true</ResponseVary></CORSConfiguration>',
  encryption:
    '<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>9468da86</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>',
  httpsConfig:
    '<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS></HttpsConfiguration>',
  lifecycle:
    '<LifecycleConfiguration><Rule><ID>r</ID><Prefix>log/</Prefix><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>',
  logging:
    '<BucketLoggingStatus><LoggingEnabled><TargetBucket>inbox</TargetBucket><TargetPrefix>log</TargetPrefix></LoggingEnabled></BucketLoggingStatus>',
  publicAccessBlock:
    '<PublicAccessBlockConfiguration><BlockPublicAccess>true</BlockPublicAccess></PublicAccessBlockConfiguration>',
  referer:
    '<RefererConfiguration><AllowEmptyReferer>false</AllowEmptyReferer><AllowTruncateQueryString>false</AllowTruncateQueryString><RefererList><Referer>http://a.com</Referer></RefererList></RefererConfiguration>',
  requestPayment: '<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>',
  qos: '<BucketUserQos><StorageCapacity>100</StorageCapacity></BucketUserQos>',
  tagging: '<Tagging><TagSet><Tag><Key>a</Key><Value>中文</Value></Tag></TagSet></Tagging>',
  transferAcceleration:
    '<TransferAccelerationConfiguration><Enabled>true</Enabled></TransferAccelerationConfiguration>',
  userDefinedLogFieldsConfig:
    '<UserDefinedLogFieldsConfiguration><HeaderSet><header>h</header></HeaderSet></UserDefinedLogFieldsConfiguration>',
  website:
    '<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>',
};

describe("a configuration is given back as it came in [observed in an official SDK's tests]", () => {
  test.each(settings.map((setting) => [setting.name, setting] as const))('%s', async (_name, setting) => {
    const { sub, missing, deletable } = setting;
    const document = documents[sub] ?? '';
    expect((await call('PUT', sub, document)).status).toBe(200);
    expect(await call('GET', sub)).toMatchObject({ status: 200, body: document });
    if (!deletable) return;
    expect((await call('DELETE', sub)).status).toBe(204);
    expect((await call('DELETE', sub)).status).toBe(204);
    expect((await call('GET', sub)).code).toBe(missing);
  });
});

test('a configuration outlives a restart [assumed]', async () => {
  await call('PUT', 'cors', documents.cors);
  await cloud.client.putBucketVersioning('inbox', 'Enabled');
  await cloud.restart();
  expect((await call('GET', 'cors')).body).toBe(documents.cors);
});

describe('a configuration that was never set', () => {
  test.each([
    ['accessmonitor', 200, '<Status>Disabled</Status>', '[documented]'],
    ['cors', 404, 'NoSuchCORSConfiguration', '[documented]'],
    ['encryption', 404, 'NoSuchServerSideEncryptionRule', '[documented]'],
    ['lifecycle', 404, 'NoSuchLifecycle', '[documented]'],
    ['logging', 200, '<BucketLoggingStatus></BucketLoggingStatus>', '[assumed]'],
    ['publicAccessBlock', 200, '<BlockPublicAccess>true</BlockPublicAccess>', '[documented]'],
    ['qos', 200, '<StorageCapacity>-1</StorageCapacity>', '[assumed]'],
    ['referer', 200, '<AllowEmptyReferer>true</AllowEmptyReferer>', '[assumed]'],
    ['requestPayment', 200, '<Payer>BucketOwner</Payer>', '[documented]'],
    ['tagging', 200, '<Tagging><TagSet></TagSet></Tagging>', '[assumed]'],
    ['transferAcceleration', 404, 'NoSuchTransferAccelerationConfiguration', '[documented]'],
    ['website', 404, 'NoSuchWebsiteConfiguration', '[documented]'],
    ['policy', 404, 'NoSuchBucketPolicy', '[documented]'],
    ['worm', 404, 'NoSuchWORMConfiguration', '[documented]'],
    ['inventory', 404, 'NoSuchInventory', '[documented]'],
  ])('%s: %i %s %s', async (sub, status, part) => {
    const bucket = 'never-set';
    await cloud.client.putBucket(bucket);
    const answer = await send(cloud, { method: 'GET', bucket, key: '', query: { [sub]: '' } });
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(part);
  });
});

describe('a configuration is refused', () => {
  test.each([
    ['cors', '<CORSConfiguration></CORSConfiguration>', 'MalformedXML'],
    ['cors', '<CORSConfiguration><CORSRule>', 'MalformedXML'],
    ['cors', '<Cors><CORSRule/></Cors>', 'MalformedXML'],
    ['cors', documents.cors?.replace('PUT', 'PATCH'), 'InvalidArgument'],
    ['cors', documents.cors?.replace('>*<', '>http://*.*<'), 'InvalidArgument'],
    ['encryption', documents.encryption?.replace('KMS', 'DES'), 'InvalidEncryptionAlgorithmError'],
    ['encryption', documents.encryption?.replace('KMS', 'AES256'), 'InvalidArgument'],
    ['logging', documents.logging?.replace('inbox', 'nowhere'), 'InvalidTargetBucketForLogging'],
    ['website', documents.website?.replace('index.html', 'a/index.html'), 'InvalidArgument'],
    ['requestPayment', documents.requestPayment?.replace('Requester', 'Nobody'), 'InvalidArgument'],
    ['tagging', documents.tagging?.repeat(2), 'MalformedXML'],
    ['tagging', '<Tagging><TagSet></TagSet></Tagging>', 'MalformedXML'],
    ['accessmonitor', documents.accessmonitor?.replace('Enabled', 'aa'), 'MalformedXML'],
    ['httpsConfig', documents.httpsConfig?.replace('TLSv1.2', 'aaa'), 'MalformedXML'],
    ['lifecycle', '', 'MalformedXML'],
  ])('%s: %s: %s [documented]', async (sub, document, code) => {
    expect(await call('PUT', sub, document)).toMatchObject({ status: 400, code });
  });

  test('when its Content-MD5 is not of these bytes [documented]', async () => {
    const headers = { 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==' };
    const request = { method: 'PUT', key: '', query: { cors: '' }, headers, body: Buffer.from('x') };
    expect(await send(cloud, request)).toMatchObject({ status: 400, code: 'InvalidDigest' });
  });
});

test("tags can be deleted one by one [observed in an official SDK's tests]", async () => {
  const tag = (key: string) => `<Tag><Key>${key}</Key><Value>v</Value></Tag>`;
  await call('PUT', 'tagging', `<Tagging><TagSet>${['a', 'b', 'c'].map(tag).join('')}</TagSet></Tagging>`);
  await send(cloud, { method: 'DELETE', key: '', query: { tagging: 'a,c' } });
  const { body } = await call('GET', 'tagging');
  expect(body).toContain(`<TagSet>${tag('b')}</TagSet>`);
});

test.each([
  ['PUT', 'overwriteConfig', 'PutBucketOverwriteConfig'],
  ['POST', 'replication', 'PutBucketReplication'],
  ['GET', 'replication', 'GetBucketReplication'],
  ['POST', 'cname', 'PutCname'],
  ['POST', 'metaQuery', 'DoMetaQuery'],
])('%s ?%s is refused by name [assumed]', async (method, sub, operation) => {
  const answer = await call(method, sub);
  expect(answer).toMatchObject({ status: 501, code: 'NotImplemented' });
  expect(answer.body).toContain(`${operation} is not implemented by the local cloud.`);
});
