import KMS, { DecryptRequest, EncryptRequest, GenerateDataKeyRequest } from '@alicloud/kms20160120';
import { Config } from '@alicloud/rpc-client';
import { RuntimeOptions } from '@alicloud/tea-util';
import type { Identity } from '../context';
import './agents';

export { DecryptRequest, EncryptRequest, GenerateDataKeyRequest };
export type KmsClient = KMS;

/** The one timeout of a KMS call: read timers of this SDK survive on a kept-alive socket unless both are equal. */
const KMS_TIMEOUT_MS = 5000;
export const kmsRuntime = new RuntimeOptions({ readTimeout: KMS_TIMEOUT_MS, connectTimeout: KMS_TIMEOUT_MS });

/** `endpoint` is a URL without a path. */
export function kmsClient({ credentials, region }: Identity, endpoint: string): KmsClient {
  const { protocol, host } = new URL(endpoint);
  return new KMS(
    new Config({
      accessKeyId: credentials.accessKeyId,
      accessKeySecret: credentials.accessKeySecret,
      securityToken: credentials.securityToken,
      regionId: region,
      endpoint: host,
      protocol: protocol === 'http:' ? 'HTTP' : 'HTTPS',
    }),
  );
}
