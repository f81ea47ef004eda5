const assert = require('node:assert/strict');
const KMS = require('@alicloud/kms20160120');
const { Config } = require('@alicloud/rpc-client');
const { check, refusal, settings, versionOf } = require('./claims');

const { accessKeyId, accessKeySecret, region } = settings;
const config = {
  accessKeyId,
  accessKeySecret,
  endpoint: new URL(settings.kms).host,
  protocol: 'HTTP',
  regionId: region,
};
const clientOf = (changed) => new KMS.default(new Config({ ...config, ...changed }));
const kms = clientOf({});

const aliasName = `alias/${settings.bucket}`;
// The client flattens an object; the service wants one JSON string.
const encryptionContext = JSON.stringify({ bucket: 'inbox', key: "ü/'*()!~ +&=" });
let keyId;
let dataKey;

async function refused(call, { code, status }) {
  const error = await refusal(call);
  assert.equal(error.code, `${code}Error`);
  assert.equal(error.data.Code, code);
  assert.equal(error.data.HttpStatus, status);
  assert.match(error.data.RequestId, /^[0-9A-F-]{36}$/);
}

check(versionOf('@alicloud/kms20160120'), {
  'a key is made and described': async () => {
    const { keyMetadata } = await kms.createKey(new KMS.CreateKeyRequest({ description: 'interop' }));
    keyId = keyMetadata.keyId;
    const described = await kms.describeKey(new KMS.DescribeKeyRequest({ keyId }));
    assert.deepEqual(
      [described.keyMetadata.description, described.keyMetadata.keyState, described.keyMetadata.arn],
      ['interop', 'Enabled', `acs:kms:${region}:${settings.accountId}:key/${keyId}`],
    );
  },
  'an alias is made, listed and stands for its key': async () => {
    await kms.createAlias(new KMS.CreateAliasRequest({ aliasName, keyId }));
    const { aliases } = await kms.listAliases(new KMS.ListAliasesRequest({ pageSize: 100 }));
    assert.equal(aliases.alias.find((alias) => alias.aliasName === aliasName)?.keyId, keyId);
    const described = await kms.describeKey(new KMS.DescribeKeyRequest({ keyId: aliasName }));
    assert.equal(described.keyMetadata.keyId, keyId);
  },
  'a data key is generated under the alias and its context': async () => {
    const request = { keyId: aliasName, keySpec: 'AES_256', encryptionContext };
    dataKey = await kms.generateDataKey(new KMS.GenerateDataKeyRequest(request));
    assert.equal(Buffer.from(dataKey.plaintext, 'base64').length, 32);
    assert.equal(dataKey.keyId, keyId);
  },
  'it is unwrapped under the same context in another order': async () => {
    const reordered = JSON.stringify(
      Object.fromEntries(Object.entries(JSON.parse(encryptionContext)).reverse()),
    );
    const request = { ciphertextBlob: dataKey.ciphertextBlob, encryptionContext: reordered };
    const opened = await kms.decrypt(new KMS.DecryptRequest(request));
    assert.deepEqual(
      [opened.plaintext, opened.keyId, opened.keyVersionId],
      [dataKey.plaintext, keyId, dataKey.keyVersionId],
    );
  },
  'another context, none, or a changed blob does not unwrap it': async () => {
    const { ciphertextBlob } = dataKey;
    const changed = Buffer.from(ciphertextBlob, 'base64');
    changed[60] ^= 1;
    const requests = [
      { ciphertextBlob, encryptionContext: JSON.stringify({ bucket: 'other' }) },
      { ciphertextBlob },
      { ciphertextBlob: changed.toString('base64'), encryptionContext },
    ];
    for (const request of requests) {
      await refused(() => kms.decrypt(new KMS.DecryptRequest(request)), {
        code: 'InvalidParameter',
        status: 400,
      });
    }
  },
  'a context given as an object, which the client flattens, is refused': async () => {
    const request = new KMS.GenerateDataKeyRequest({ keyId, encryptionContext: { bucket: 'inbox' } });
    await refused(() => kms.generateDataKey(request), { code: 'InvalidParameter', status: 400 });
  },
  'an unknown key, an unknown alias and an alias twice are refused by name': async () => {
    const unknown = new KMS.DescribeKeyRequest({ keyId: '00000000-0000-4000-8000-000000000000' });
    await refused(() => kms.describeKey(unknown), { code: 'Forbidden.KeyNotFound', status: 404 });
    const noAlias = new KMS.DescribeKeyRequest({ keyId: 'alias/interop-nobody' });
    await refused(() => kms.describeKey(noAlias), { code: 'Forbidden.AliasNotFound', status: 404 });
    const twice = new KMS.CreateAliasRequest({ aliasName, keyId });
    await refused(() => kms.createAlias(twice), { code: 'AliasAlreadyExists', status: 400 });
  },
  'a missing parameter is named': async () => {
    const error = await refusal(() => kms.generateDataKey(new KMS.GenerateDataKeyRequest({})));
    assert.equal(error.data.Code, 'MissingParameter');
    assert.match(error.data.Message, /"?KeyId"?/);
  },
  'a wrong secret and an unknown access key are refused': async () => {
    const request = new KMS.DescribeKeyRequest({ keyId });
    const wrong = clientOf({ accessKeySecret: 'wrong' });
    await refused(() => wrong.describeKey(request), { code: 'IncompleteSignature', status: 400 });
    const unknown = clientOf({ accessKeyId: 'LTAIunknown' });
    await refused(() => unknown.describeKey(request), { code: 'InvalidAccessKeyId.NotFound', status: 404 });
  },
});
