import { dirname, join } from 'node:path';
import {
  CreateAliasRequest,
  CreateKeyRequest,
  DescribeKeyRequest,
  type KmsClient,
  kmsClient,
  kmsRuntime,
} from '../functions/cloud/kms-client';
import { type OssClient, ossClient } from '../functions/cloud/oss-client';
import type { Identity } from '../functions/context';
import { type Cloud, type CloudOptions, startCloud } from '../infra/local/cloud';
import type { Fc } from '../infra/local/fc/server';

export const INBOX = 'oss-envelope-inbox';
export const VAULT = 'oss-envelope-vault';
export const DOWNLOADS = 'oss-envelope-downloads';
/** Where s.yaml sends what cannot be sealed. */
export const DEAD_LETTERS = 'oss-envelope-dead-letter';
const KEY_ALIAS = 'alias/oss-envelope';

/** The product, deployed to a cloud on this machine. */
export type LocalDeployment = {
  cloud: Cloud;
  fc: Fc;
  /** The account's owner: may do anything. */
  owner: Identity;
  inbox: OssClient;
  vault: OssClient;
  downloads: OssClient;
  /** Where the decrypt function takes its requests. */
  decryptUrl: string;
  downloadsUrl: string;
  /** What s.yaml was resolved with. */
  env: Record<string, string>;
  close(): Promise<void>;
};

export type LocalOptions = CloudOptions & {
  sYaml: string;
  /** Port of the downloads bucket's own domain; any free one by default. */
  downloadsPort?: number;
  /** Bytes; the functions' default where absent. */
  partBytes?: number;
};

/** Starts the local cloud, makes what an account needs (buckets, key, alias, queue) where it is missing, and deploys s.yaml, its roles as infra/template.yaml beside it says. */
export async function deployLocally({
  sYaml,
  template = join(dirname(sYaml), 'infra', 'template.yaml'),
  downloadsPort,
  partBytes,
  ...options
}: LocalOptions): Promise<LocalDeployment> {
  const cloud = await startCloud({ ...options, template });
  try {
    const owner = { region: cloud.region, credentials: cloud.root };
    const [inbox, vault, downloads] = await makeBuckets(cloud, owner);
    await cloud.mns.createQueue(DEAD_LETTERS);
    const keyArn = await makeKey(kmsClient(owner, cloud.kms.endpoint));
    const downloadsUrl = await cloud.oss.bindDomain(DOWNLOADS, downloadsPort);
    const env = {
      // Virtual-host style, as in production; the local runtime resolves *.localhost.
      OSS_ENDPOINT: `http://oss-${cloud.region}-internal.localhost:${cloud.oss.port}`,
      KMS_ENDPOINT: cloud.kms.endpoint,
      MNS_ENDPOINT: cloud.mns.endpoint,
      KMS_KEY_ID: KEY_ALIAS,
      KMS_KEY_ARNS: keyArn,
      DOWNLOADS_URL: downloadsUrl,
      ...(partBytes && { PART_BYTES: String(partBytes) }),
    };
    await cloud.attach(parametersOf(keyArn));
    const fc = await cloud.deploy(sYaml, (FC_ENDPOINT) => ({ ...env, FC_ENDPOINT }));
    const decryptUrl = `${fc.functions.get('oss-envelope-decrypt')?.httpUrl}/downloads`;
    return {
      cloud,
      fc,
      owner,
      inbox,
      vault,
      downloads,
      decryptUrl,
      downloadsUrl,
      env: { ...env, FC_ENDPOINT: fc.endpoint },
      close: () => cloud.close(),
    };
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

/** What infra/template.yaml is deployed with. */
export function parametersOf(keyArn: string): Record<string, string> {
  const KeyId = keyArn.replace(/^.*:key\//, '');
  return { InboxBucket: INBOX, VaultBucket: VAULT, DownloadsBucket: DOWNLOADS, KeyId };
}

async function makeBuckets(cloud: Cloud, owner: Identity): Promise<[OssClient, OssClient, OssClient]> {
  const clientOf = (bucket: string) =>
    ossClient(owner, { endpoint: cloud.oss.endpoint, bucket, addressing: 'path' });
  const inbox = clientOf(INBOX);
  for (const bucket of [INBOX, VAULT, DOWNLOADS]) await inbox.putBucket(bucket);
  for (const bucket of [INBOX, VAULT]) await inbox.putBucketVersioning(bucket, 'Enabled');
  return [inbox, clientOf(VAULT), clientOf(DOWNLOADS)];
}

/** The ARN of the key behind the alias. */
async function makeKey(client: KmsClient): Promise<string> {
  const describe = () => client.describeKeyEx(new DescribeKeyRequest({ keyId: KEY_ALIAS }), kmsRuntime);
  try {
    return (await describe()).keyMetadata.arn;
  } catch (error) {
    if ((error as { data?: { Code?: string } }).data?.Code !== 'Forbidden.AliasNotFound') throw error;
    const { keyMetadata } = await client.createKeyEx(
      new CreateKeyRequest({ description: 'oss-envelope' }),
      kmsRuntime,
    );
    const alias = new CreateAliasRequest({ aliasName: KEY_ALIAS, keyId: keyMetadata.keyId });
    await client.createAliasEx(alias, kmsRuntime);
    return keyMetadata.arn;
  }
}
