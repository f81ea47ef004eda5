import { describe, expect, test } from 'vitest';
import { targetOf } from './target';

const complete = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIone',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret-one',
  CONFORMANCE_REGION: 'cn-hangzhou',
  CONFORMANCE_BUCKET: 'my-scratch',
  CONFORMANCE_VERSIONED_BUCKET: 'my-scratch-versioned',
  CONFORMANCE_KMS_KEY_ID: 'key-1',
  CONFORMANCE_LIVE: 'yes-charge-my-account',
};

describe('the conformance suite [assumed]', () => {
  test('runs against the local cloud when the environment says nothing', () => {
    expect(targetOf({ PATH: '/bin' })).toBeUndefined();
  });

  test('runs against the real service when everything is there', () => {
    expect(targetOf({ ...complete, ALIBABA_CLOUD_SECURITY_TOKEN: 'CAIS' })).toMatchObject({
      credentials: { accessKeyId: 'LTAIone', securityToken: 'CAIS' },
      ossEndpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
      kmsEndpoint: 'https://kms.cn-hangzhou.aliyuncs.com',
    });
  });

  test.each(Object.keys(complete))('names %s when it is missing, and no secret', (name) => {
    const run = () => targetOf({ ...complete, [name]: '' });
    expect(run).toThrow(name);
    expect(run).not.toThrow('secret-one');
  });

  test('names all that credentials alone lack', () => {
    const { ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET } = complete;
    const run = () => targetOf({ ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET });
    for (const name of ['REGION', 'BUCKET', 'VERSIONED_BUCKET', 'KMS_KEY_ID', 'LIVE']) {
      expect(run).toThrow(`CONFORMANCE_${name} is`);
    }
    expect(run).toThrow('Nothing was sent');
  });

  test.each([
    { CONFORMANCE_LIVE: 'yes' },
    { CONFORMANCE_BUCKET: 'production' },
    { CONFORMANCE_VERSIONED_BUCKET: 'production' },
    { CONFORMANCE_BUCKET: 'my-scratch-versioned' },
  ])('refuses %j', (wrong) => {
    expect(() => targetOf({ ...complete, ...wrong })).toThrow('Cannot run the conformance suite');
  });
});
