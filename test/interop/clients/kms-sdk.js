const assert = require('node:assert/strict');
const { createRequire } = require('node:module');
const { check, settings, versionOf } = require('./claims');

// The client speaks HTTPS only and binds its transport when it is loaded: this is all that is changed of it.
const transport = createRequire(require.resolve('@alicloud/kms-sdk'))('@alicloud/http-core-sdk');
const { $send } = transport;
transport.$send = (request, runtime) => $send({ ...request, protocol: 'http' }, runtime);
const KMS = require('@alicloud/kms-sdk');

const { accessKeyId, accessKeySecret } = settings;
const config = { endpoint: new URL(settings.kms).host, accessKeyId, accessKeySecret };
const kms = new KMS(config);

const alias = `alias/${settings.bucket}`;
const context = JSON.stringify({ bucket: 'inbox', key: 'ü/ +&=~' });
let keyId;
let dataKey;

// The client has no error class: a refusal below 500 is what its call resolves with.
async function refused(call, { Code, HttpStatus }) {
  const answer = await call();
  assert.deepEqual([answer.Code, answer.HttpStatus], [Code, HttpStatus]);
  assert.match(answer.RequestId, /^[0-9A-F-]{36}$/);
}

check(versionOf('@alicloud/kms-sdk'), {
  'a key is made and described, by GET and without a nonce': async () => {
    keyId = (await kms.createKey('Aliyun_KMS', 'interop')).KeyMetadata.KeyId;
    const { KeyMetadata } = await kms.describeKey(keyId);
    assert.deepEqual([KeyMetadata.Description, KeyMetadata.KeyState], ['interop', 'Enabled']);
  },
  'an alias is made, listed and stands for its key': async () => {
    await kms.createAlias(keyId, alias);
    const { Aliases } = await kms.listAliases(1, 100);
    assert.equal(Aliases.Alias.find(({ AliasName }) => AliasName === alias)?.KeyId, keyId);
    assert.equal((await kms.describeKey(alias)).KeyMetadata.KeyId, keyId);
  },
  'a data key is generated and unwrapped under its context': async () => {
    dataKey = await kms.generateDataKey(alias, 'AES_256', undefined, context);
    assert.equal(Buffer.from(dataKey.Plaintext, 'base64').length, 32);
    assert.equal((await kms.decrypt(dataKey.CiphertextBlob, context)).Plaintext, dataKey.Plaintext);
  },
  'a data key of 16 bytes by number': async () => {
    const { Plaintext } = await kms.generateDataKey(alias, '', 16, context);
    assert.equal(Buffer.from(Plaintext, 'base64').length, 16);
  },
  'a wrong context is InvalidParameter': async () => {
    await refused(() => kms.decrypt(dataKey.CiphertextBlob, '{"bucket":"other"}'), {
      Code: 'InvalidParameter',
      HttpStatus: 400,
    });
  },
  'an unknown key is Forbidden.KeyNotFound': async () => {
    await refused(() => kms.describeKey('00000000-0000-4000-8000-000000000000'), {
      Code: 'Forbidden.KeyNotFound',
      HttpStatus: 404,
    });
  },
  'a wrong secret is IncompleteSignature': async () => {
    const wrong = new KMS({ ...config, accessKeySecret: 'wrong' });
    await refused(() => wrong.describeKey(keyId), { Code: 'IncompleteSignature', HttpStatus: 400 });
  },
});
