import { describe, expect, test } from 'vitest';
import { decryptConfig, encryptConfig, sweepConfig } from '../../functions/config';
import { components } from '../../functions/decrypt/openapi.json';
import { Fault } from '../../functions/fault';

const { maximum } = components.schemas.ExpiresInSeconds;

type Environment = Record<string, string | undefined>;

const arn = 'acs:kms:cn-hangzhou:123456789:key/0d8a3c33-7ba4-4a4a-8a52-7d9c7ad26eee';
const encrypt: Environment = {
  ENVELOPE_INBOX_BUCKET: 'the-inbox',
  ENVELOPE_VAULT_BUCKET: 'the-vault',
  ENVELOPE_OSS_ENDPOINT: 'https://oss-cn-hangzhou-internal.aliyuncs.com',
  ENVELOPE_KMS_ENDPOINT: 'https://kms-vpc.cn-hangzhou.aliyuncs.com',
  ENVELOPE_KMS_KEY_ID: 'alias/oss-envelope',
  ENVELOPE_KMS_KEY_ARNS: arn,
  ENVELOPE_MNS_ENDPOINT: 'https://123456789.mns.cn-hangzhou-internal.aliyuncs.com',
};

const decrypt: Environment = {
  ENVELOPE_VAULT_BUCKET: 'the-vault',
  ENVELOPE_DOWNLOADS_BUCKET: 'the-downloads',
  ENVELOPE_OSS_ENDPOINT: 'https://oss-cn-hangzhou-internal.aliyuncs.com',
  ENVELOPE_DOWNLOADS_URL: 'https://downloads.example.com',
  ENVELOPE_KMS_ENDPOINT: 'https://kms-vpc.cn-hangzhou.aliyuncs.com',
  ENVELOPE_KMS_KEY_ARNS: arn,
};

const sweep: Environment = {
  ENVELOPE_INBOX_BUCKET: 'the-inbox',
  ENVELOPE_VAULT_BUCKET: 'the-vault',
  ENVELOPE_DOWNLOADS_BUCKET: 'the-downloads',
  ENVELOPE_OSS_ENDPOINT: 'https://oss-cn-hangzhou-internal.aliyuncs.com',
  ENVELOPE_FC_ENDPOINT: 'https://123456789.cn-hangzhou-internal.fc.aliyuncs.com',
};

/** The one sentence with which a function refuses to start. */
function refusal(read: (environment: Environment) => unknown, environment: Environment): string {
  try {
    read(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    expect(error).toMatchObject({ code: 'config-invalid', remedy: 'redeliver' });
    return (error as Fault).message;
  }
  return expect.fail('it was accepted');
}

describe('encryptConfig', () => {
  test('reads every variable, with defaults for parts', () => {
    expect(encryptConfig({ ...encrypt, PATH: '/bin', FC_REGION: 'cn-hangzhou' })).toEqual({
      inboxBucket: 'the-inbox',
      graceSeconds: 900,
      vaultBucket: 'the-vault',
      ossEndpoint: 'https://oss-cn-hangzhou-internal.aliyuncs.com',
      kmsEndpoint: 'https://kms-vpc.cn-hangzhou.aliyuncs.com',
      kmsKeyId: 'alias/oss-envelope',
      kmsKeyArns: [arn],
      partBytes: 8_388_608,
      parallelParts: 4,
      appendableQuietSeconds: undefined,
      mnsEndpoint: 'https://123456789.mns.cn-hangzhou-internal.aliyuncs.com',
      deadLetterQueue: 'oss-envelope-dead-letter',
      logKeys: 'plain',
    });
  });

  test('endpoints default to those of the region and the account', () => {
    const home = { FC_REGION: 'cn-shanghai', FC_ACCOUNT_ID: '123456789' };
    const names = ['OSS', 'KMS', 'MNS'].map((service) => [`ENVELOPE_${service}_ENDPOINT`, '']);
    expect(encryptConfig({ ...encrypt, ...home, ...Object.fromEntries(names) })).toMatchObject({
      ossEndpoint: 'https://oss-cn-shanghai-internal.aliyuncs.com',
      kmsEndpoint: 'https://kms.cn-shanghai.aliyuncs.com',
      mnsEndpoint: 'https://123456789.mns.cn-shanghai.aliyuncs.com',
    });
  });

  test.each(['0', '60', '604800'])('appendable objects rest %s seconds before they are sealed', (text) => {
    const { appendableQuietSeconds } = encryptConfig({
      ...encrypt,
      ENVELOPE_APPENDABLE_QUIET_SECONDS: text,
    });
    expect(appendableQuietSeconds).toBe(Number(text));
  });

  test.each(['-1', '604801', '1m'])('%s is no time for appendable objects to rest', (text) => {
    expect(refusal(encryptConfig, { ...encrypt, ENVELOPE_APPENDABLE_QUIET_SECONDS: text })).toBe(
      'Cannot start: ENVELOPE_APPENDABLE_QUIET_SECONDS must be a whole number from 0 to 604800',
    );
  });

  test.each(['a_b', '-a', 'a/b', 'a'.repeat(121)])('dead-letter queue %.20j is refused', (name) => {
    expect(refusal(encryptConfig, { ...encrypt, ENVELOPE_DEAD_LETTER_QUEUE: name })).toBe(
      'Cannot start: ENVELOPE_DEAD_LETTER_QUEUE must be the name of an MNS queue',
    );
  });

  test.each(['Plain', 'none'])('keys in the log as %j are refused', (text) => {
    expect(refusal(encryptConfig, { ...encrypt, ENVELOPE_LOG_KEYS: text })).toBe(
      'Cannot start: ENVELOPE_LOG_KEYS must be plain or hash',
    );
  });

  test('an instance in which Node itself would print requests does not start', () => {
    expect(refusal(encryptConfig, { ...encrypt, NODE_DEBUG: 'http' })).toBe(
      'Cannot start: NODE_DEBUG must not be set: Node prints requests then',
    );
  });

  test('an empty variable is a missing one', () => {
    expect(encryptConfig({ ...encrypt, ENVELOPE_PART_BYTES: '' }).partBytes).toBe(8_388_608);
    expect(refusal(encryptConfig, { ...encrypt, ENVELOPE_VAULT_BUCKET: '' })).toBe(
      'Cannot start: ENVELOPE_VAULT_BUCKET is missing',
    );
  });

  test('names everything that is missing', () => {
    expect(refusal(encryptConfig, {})).toBe(
      `Cannot start: ${Object.keys(encrypt)
        .map((name) => `${name} is missing`)
        .join('; ')}`,
    );
  });

  test('names in one sentence what is unknown, missing and wrong, and quotes no value', () => {
    const message = refusal(encryptConfig, {
      ...encrypt,
      ENVELOPE_INBOX_BUCKET: undefined,
      ENVELOPE_VAULT_BUCKET: 'The Vault',
      ENVELOPE_PART_BYTES: '1',
      ENVELOPE_PARALEL_PARTS: '2',
      ENVELOPE_DOWNLOADS_BUCKET: 'the-downloads',
    });
    expect(message.split(': ')[1]?.split('; ')).toEqual([
      'ENVELOPE_PARALEL_PARTS is unknown',
      'ENVELOPE_DOWNLOADS_BUCKET is unknown',
      'ENVELOPE_INBOX_BUCKET is missing',
      'ENVELOPE_VAULT_BUCKET must be a bucket name',
      'ENVELOPE_PART_BYTES must be a whole number from 102400 to 1073741824',
    ]);
    expect(message).not.toContain('The Vault');
  });

  test('inbox and vault in one bucket are refused', () => {
    expect(refusal(encryptConfig, { ...encrypt, ENVELOPE_VAULT_BUCKET: 'the-inbox' })).toBe(
      'Cannot start: ENVELOPE_INBOX_BUCKET and ENVELOPE_VAULT_BUCKET must be 2 buckets',
    );
  });

  test.each(['ab', 'a'.repeat(64), '-ab', 'ab-', 'A-b', 'a_b', 'a.b', 'a/b', 'abc\n', ' abc'])(
    'bucket %j is refused',
    (name) => {
      expect(refusal(encryptConfig, { ...encrypt, ENVELOPE_INBOX_BUCKET: name })).toBe(
        'Cannot start: ENVELOPE_INBOX_BUCKET must be a bucket name',
      );
    },
  );

  test.each(['abc', 'a'.repeat(63), '1-2'])('bucket %s is read', (name) => {
    expect(encryptConfig({ ...encrypt, ENVELOPE_INBOX_BUCKET: name }).inboxBucket).toBe(name);
  });

  test.each(['alias/a', arn, '0d8a3c33-7ba4'])('key %s is read', (key) => {
    expect(encryptConfig({ ...encrypt, ENVELOPE_KMS_KEY_ID: key }).kmsKeyId).toBe(key);
  });

  test.each(['a key', 'key\n', 'k'.repeat(513), 'key?'])('key %j is refused', (key) => {
    expect(refusal(encryptConfig, { ...encrypt, ENVELOPE_KMS_KEY_ID: key })).toMatch(
      /ENVELOPE_KMS_KEY_ID must be/,
    );
  });
});

describe('endpoints', () => {
  const read = (endpoint: string) =>
    encryptConfig({ ...encrypt, ENVELOPE_OSS_ENDPOINT: endpoint }).ossEndpoint;
  const wrong = (endpoint: string) => refusal(encryptConfig, { ...encrypt, ENVELOPE_OSS_ENDPOINT: endpoint });

  test.each([
    ['https://oss.example.com', 'https://oss.example.com'],
    ['https://oss.example.com/', 'https://oss.example.com'],
    ['https://oss.example.com:8443', 'https://oss.example.com:8443'],
    ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
    ['http://localhost:9000', 'http://localhost:9000'],
    ['http://oss.localhost:9000', 'http://oss.localhost:9000'],
  ])('%s is read as %s', (endpoint, origin) => {
    expect(read(endpoint)).toBe(origin);
  });

  test.each([
    'http://oss-cn-hangzhou.aliyuncs.com',
    'http://10.0.0.1',
    'http://127.0.0.1.example.com',
    'http://127.0.0.2',
    'http://notlocalhost',
    'http://localhost.example.com',
    'http://0.0.0.0:9000',
    'ftp://localhost',
    'ws://127.0.0.1',
  ])('%s is refused: it must start with https://', (endpoint) => {
    expect(wrong(endpoint)).toBe('Cannot start: ENVELOPE_OSS_ENDPOINT must start with https://');
  });

  test.each([
    'oss.example.com',
    'https://',
    'https://oss.example.com/path',
    'https://oss.example.com/?a=1',
    'https://oss.example.com/#a',
    'https://user@oss.example.com',
    'https://user:password@oss.example.com',
    'https://:password@oss.example.com',
  ])('%s is refused: it must be a URL without a path', (endpoint) => {
    expect(wrong(endpoint)).toBe('Cannot start: ENVELOPE_OSS_ENDPOINT must be a URL without a path');
  });
});

describe('numbers', () => {
  const name = 'ENVELOPE_PARALLEL_PARTS';

  test.each([
    ['1', 1],
    ['64', 64],
    ['007', 7],
  ])('%s is read as %d', (text, value) => {
    expect(encryptConfig({ ...encrypt, [name]: text }).parallelParts).toBe(value);
  });

  test.each([
    '0',
    '-1',
    '65',
    '0x10',
    '0b1',
    '1e1',
    '1.5',
    '1_0',
    ' 4',
    '4 ',
    '4\n',
    '+4',
    '٤',
    'NaN',
    'Infinity',
  ])('%j is refused', (text) => {
    expect(refusal(encryptConfig, { ...encrypt, [name]: text })).toBe(
      `Cannot start: ${name} must be a whole number from 1 to 64`,
    );
  });

  test.each(['102399', '1073741825', '9'.repeat(400)])('parts of %.20s bytes are refused', (text) => {
    expect(refusal(encryptConfig, { ...encrypt, ENVELOPE_PART_BYTES: text })).toMatch(
      /ENVELOPE_PART_BYTES must be/,
    );
  });

  test.each([102_400, 1_073_741_824])('parts of %d bytes are read', (value) => {
    expect(encryptConfig({ ...encrypt, ENVELOPE_PART_BYTES: String(value) }).partBytes).toBe(value);
  });
});

describe('decryptConfig', () => {
  test('reads every variable, with defaults', () => {
    expect(decryptConfig(decrypt)).toMatchObject({
      vaultBucket: 'the-vault',
      downloadsBucket: 'the-downloads',
      ossEndpoint: 'https://oss-cn-hangzhou-internal.aliyuncs.com',
      downloadsUrl: 'https://downloads.example.com',
      kmsEndpoint: 'https://kms-vpc.cn-hangzhou.aliyuncs.com',
      kmsKeyArns: [arn],
      partBytes: 8_388_608,
      parallelParts: 4,
      expiresSeconds: 300,
      logKeys: 'plain',
    });
  });

  test('names everything that is missing', () => {
    expect(refusal(decryptConfig, {})).toBe(
      `Cannot start: ${Object.keys(decrypt)
        .map((name) => `${name} is missing`)
        .join('; ')}`,
    );
  });

  test('vault and downloads in one bucket are refused', () => {
    expect(refusal(decryptConfig, { ...decrypt, ENVELOPE_DOWNLOADS_BUCKET: 'the-vault' })).toBe(
      'Cannot start: ENVELOPE_VAULT_BUCKET and ENVELOPE_DOWNLOADS_BUCKET must be 2 buckets',
    );
  });

  test('several key ARNs are read, with white space around them', () => {
    expect(decryptConfig({ ...decrypt, ENVELOPE_KMS_KEY_ARNS: `${arn}, ${arn}2` }).kmsKeyArns).toEqual([
      arn,
      `${arn}2`,
    ]);
  });

  test.each([
    'alias/a',
    `${arn},`,
    `${arn},,${arn}`,
    'acs:kms:*:*:key/*',
    'acs:kms:cn-hangzhou:1:alias/a',
    ',',
  ])('key ARNs %j are refused', (arns) => {
    expect(refusal(decryptConfig, { ...decrypt, ENVELOPE_KMS_KEY_ARNS: arns })).toMatch(
      /ENVELOPE_KMS_KEY_ARNS must be key ARNs/,
    );
  });

  test.each(['0', String(maximum + 1), '5m'])('signed URLs that live %s seconds are refused', (text) => {
    expect(refusal(decryptConfig, { ...decrypt, ENVELOPE_EXPIRES_SECONDS: text })).toBe(
      `Cannot start: ENVELOPE_EXPIRES_SECONDS must be a whole number from 1 to ${maximum}`,
    );
  });

  test('what only the other function knows is unknown', () => {
    expect(refusal(decryptConfig, { ...decrypt, ENVELOPE_KMS_KEY_ID: 'alias/a' })).toBe(
      'Cannot start: ENVELOPE_KMS_KEY_ID is unknown',
    );
    expect(refusal(encryptConfig, { ...encrypt, ENVELOPE_EXPIRES_SECONDS: '300' })).toBe(
      'Cannot start: ENVELOPE_EXPIRES_SECONDS is unknown',
    );
  });
});

describe('sweepConfig', () => {
  test('reads every variable, with defaults', () => {
    expect(sweepConfig(sweep)).toEqual({
      inboxBucket: 'the-inbox',
      vaultBucket: 'the-vault',
      downloadsBucket: 'the-downloads',
      ossEndpoint: 'https://oss-cn-hangzhou-internal.aliyuncs.com',
      fcEndpoint: 'https://123456789.cn-hangzhou-internal.fc.aliyuncs.com',
      encryptFunction: 'oss-envelope-encrypt',
      graceSeconds: 900,
      intervalSeconds: 900,
      staleUploadSeconds: 90_000,
      downloadSeconds: 3900,
      withdrawnSeconds: 604_800,
      redriveLimit: 1000,
      logKeys: 'plain',
    });
  });

  test('the endpoint of Function Compute defaults to that of the account and region', () => {
    const home = { FC_REGION: 'cn-shanghai', FC_ACCOUNT_ID: '123456789', ENVELOPE_FC_ENDPOINT: '' };
    expect(sweepConfig({ ...sweep, ...home }).fcEndpoint).toBe(
      'https://123456789.cn-shanghai.fc.aliyuncs.com',
    );
  });

  test('names everything that is missing', () => {
    const missing = Object.keys(sweep).map((name) => `${name} is missing`);
    expect(refusal(sweepConfig, {})).toBe(`Cannot start: ${missing.join('; ')}`);
  });

  test('what is cleared away lies in buckets of its own: two alike of three are refused', () => {
    expect(refusal(sweepConfig, { ...sweep, ENVELOPE_DOWNLOADS_BUCKET: 'the-inbox' })).toBe(
      'Cannot start: ENVELOPE_INBOX_BUCKET and ENVELOPE_DOWNLOADS_BUCKET must be 2 buckets',
    );
  });

  test.each([
    ['GRACE_SECONDS', '0', '1 to 604800'],
    ['INTERVAL_SECONDS', '59', '60 to 86400'],
    ['STALE_UPLOAD_SECONDS', '3599', '3600 to 2592000'],
    ['DOWNLOAD_SECONDS', '59', '60 to 86400'],
    ['WITHDRAWN_SECONDS', '59', '60 to 31536000'],
    ['REDRIVE_LIMIT', '0', '1 to 1000000'],
  ])('ENVELOPE_%s=%s is refused', (name, text, range) => {
    expect(refusal(sweepConfig, { ...sweep, [`ENVELOPE_${name}`]: text })).toBe(
      `Cannot start: ENVELOPE_${name} must be a whole number from ${range}`,
    );
  });
});
