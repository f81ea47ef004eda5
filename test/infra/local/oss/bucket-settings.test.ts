import { afterAll, describe, expect, test } from 'vitest';
import { settings } from '../../../../infra/local/oss/buckets/settings';
import { startCloud } from './cloud';
import { elementOf, type RawAnswer, send } from './raw';

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

test("a cipher for data is dropped where KMS has no part in it [observed in an official SDK's tests]", async () => {
  const rule = (algorithm: string) =>
    `<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>${algorithm}</SSEAlgorithm><KMSDataEncryption>SM4</KMSDataEncryption></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>`;
  for (const [algorithm, kept] of [
    ['KMS', true],
    ['AES256', false],
    ['SM4', false],
  ] as const) {
    expect((await call('PUT', 'encryption', rule(algorithm))).status).toBe(200);
    expect((await call('GET', 'encryption')).body.includes('KMSDataEncryption')).toBe(kept);
  }
});

test("a website of nothing but routing rules comes with the others empty, and gets a mirror's defaults [observed in an official SDK's tests]", async () => {
  const empty = '<IndexDocument><Suffix></Suffix></IndexDocument><ErrorDocument><Key></Key></ErrorDocument>';
  const redirect =
    '<RedirectType>Mirror</RedirectType><MirrorURL>http://a.com/</MirrorURL><MirrorHeaders><Pass>k</Pass></MirrorHeaders>';
  const rule = `<RoutingRule><RuleNumber>1</RuleNumber><Redirect>${redirect}</Redirect></RoutingRule>`;
  const document = `<WebsiteConfiguration>${empty}<RoutingRules>${rule}</RoutingRules></WebsiteConfiguration>`;
  expect((await call('PUT', 'website', document)).status).toBe(200);
  const { body } = await call('GET', 'website');
  const names = [
    'PassQueryString',
    'MirrorPassQueryString',
    'MirrorFollowRedirect',
    'MirrorCheckMd5',
    'PassAll',
  ];
  expect(names.map((name) => elementOf(body, name))).toEqual(['false', 'false', 'true', 'false', 'false']);
  await call('DELETE', 'website');
});

test("access tracking stays on while a lifecycle rule goes by it [observed in an official SDK's tests]", async () => {
  const track = (status: string) =>
    call(
      'PUT',
      'accessmonitor',
      `<AccessMonitorConfiguration><Status>${status}</Status></AccessMonitorConfiguration>`,
    );
  const transition =
    '<Transition><Days>30</Days><StorageClass>IA</StorageClass><IsAccessTime>true</IsAccessTime><ReturnToStdWhenVisit>true</ReturnToStdWhenVisit></Transition>';
  const rule = `<Rule><ID>r</ID><Prefix>log/</Prefix><Status>Enabled</Status>${transition}</Rule>`;
  await track('Enabled');
  await call('PUT', 'lifecycle', `<LifecycleConfiguration>${rule}</LifecycleConfiguration>`);
  expect((await track('Disabled')).status).toBe(400);
  await call('DELETE', 'lifecycle');
  expect((await track('Disabled')).status).toBe(200);
});

test("rules that abort uploads never overlap, others may where the request allows it [observed in an official SDK's tests]", async () => {
  const rules = (action: string) => {
    const rule = (prefix: string) =>
      `<Rule><ID>${prefix}</ID><Prefix>${prefix}</Prefix><Status>Enabled</Status>${action}</Rule>`;
    return Buffer.from(`<LifecycleConfiguration>${rule('a')}${rule('a/b')}</LifecycleConfiguration>`);
  };
  const put = (action: string, headers = {}) =>
    send(cloud, { method: 'PUT', key: '', query: { lifecycle: '' }, headers, body: rules(action) });
  const allowed = { 'x-oss-allow-same-action-overlap': 'true' };
  const expiration = '<Expiration><Days>1</Days></Expiration>';
  const abort = '<AbortMultipartUpload><Days>1</Days></AbortMultipartUpload>';
  const answers = [await put(expiration), await put(expiration, allowed), await put(abort, allowed)];
  expect(answers.map(({ status }) => status)).toEqual([400, 200, 400]);
});

describe("a website's routing rule is refused [observed in an official SDK's tests]", () => {
  const mirror =
    '<Redirect><RedirectType>Mirror</RedirectType><MirrorURL>http://a.com/</MirrorURL></Redirect>';
  test.each([
    ['without its number', `<RoutingRule>${mirror}</RoutingRule>`],
    ['of the number 0', `<RoutingRule><RuleNumber>0</RuleNumber>${mirror}</RoutingRule>`],
    [
      'that mirrors nothing',
      '<RoutingRule><RuleNumber>1</RuleNumber><Redirect><RedirectType>Mirror</RedirectType></Redirect></RoutingRule>',
    ],
  ])('%s', async (_what, rule) => {
    const document = `<WebsiteConfiguration><RoutingRules>${rule}</RoutingRules></WebsiteConfiguration>`;
    expect((await call('PUT', 'website', document)).status).toBe(400);
  });
});
