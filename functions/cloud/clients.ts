import KMS, {
  CreateAliasRequest,
  CreateKeyRequest,
  DecryptRequest,
  DescribeKeyRequest,
  GenerateDataKeyRequest,
} from '@alicloud/kms20160120';
import { Config } from '@alicloud/rpc-client';
import { RuntimeOptions } from '@alicloud/tea-util';
import OSS from 'ali-oss';
import type { Context } from '../context';

export { CreateAliasRequest, CreateKeyRequest, DecryptRequest, DescribeKeyRequest, GenerateDataKeyRequest };
export type OssClient = OSS;
export type KmsClient = KMS;

/** The one timeout of a KMS call: read timers of this SDK survive on a kept-alive socket unless both are equal. */
const KMS_TIMEOUT_MS = 5000;
export const kmsRuntime = new RuntimeOptions({ readTimeout: KMS_TIMEOUT_MS, connectTimeout: KMS_TIMEOUT_MS });

/** Who asks, and in which region. */
export type Identity = Pick<Context, 'credentials' | 'region'>;

export type Place = {
  /** URL without a path. */
  endpoint: string;
  bucket: string;
  /**
   * `virtual-host`: the bucket's name goes before the endpoint's; `own-domain`: the endpoint belongs to the bucket;
   * `path`: the bucket's name goes into the path, which OSS itself refuses and the local cloud accepts.
   */
  addressing?: 'virtual-host' | 'own-domain' | 'path';
};

/** A client of one bucket, with the invocation's credentials; cheap enough to be made for each. */
export function ossClient(
  { credentials, region }: Identity,
  { endpoint, bucket, addressing = 'virtual-host' }: Place,
): OssClient {
  return new OSS({
    accessKeyId: credentials.accessKeyId,
    accessKeySecret: credentials.accessKeySecret,
    ...(credentials.securityToken && { stsToken: credentials.securityToken }),
    // Without it the SDK prints advice about refreshing tokens, once for every client.
    refreshSTSTokenInterval: 1,
    region: `oss-${region}`,
    endpoint,
    bucket,
    cname: addressing === 'own-domain',
    sldEnable: addressing === 'path',
    authorizationV4: true,
    // UTF-8 in header values; the default refuses anything beyond latin1.
    headerEncoding: 'latin1',
  });
}

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
