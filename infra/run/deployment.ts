import { type OssClient, ossClient } from '../../functions/cloud/oss-client';
import type { Identity } from '../../functions/context';
import { type DeclaredStack, readStack } from '../declared/stack';
import { type Cloud, type CloudOptions, startCloud } from '../local/cloud';
import type { Fc } from '../local/fc/server';
import { homeOf } from '../local/seed';

/** The names of s.yaml, where no variable gives others. */
export const INBOX = 'oss-envelope-inbox';
export const VAULT = 'oss-envelope-vault';
export const DOWNLOADS = 'oss-envelope-downloads';
export const DEAD_LETTERS = 'oss-envelope-dead-letter';

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
  /** What infra/template.yaml was deployed with, and its outputs. */
  stack: { parameters: Record<string, string>; outputs: Record<string, string> };
  /** What s.yaml was resolved with, and the keys that it took from the stack. */
  env: Record<string, string>;
  close(): Promise<void>;
};

export type LocalOptions = CloudOptions & {
  sYaml: string;
  /** Port of the downloads bucket's own domain; any free one by default. */
  downloadsPort?: number;
  /** For s.yaml, as `s` takes them from the environment. */
  variables?: Record<string, string>;
};

/**
 * What a cloud on this machine is and no variable makes of it: where it listens, its region, no instance of KMS, what it has
 * already, and the name under which its data folder has key, functions and queue.
 */
const ITS_OWN =
  /^ENVELOPE_((OSS|KMS|MNS|FC)_ENDPOINT|DOWNLOADS_URL|REGION|NAME|KMS_INSTANCE_ID|EXISTING|EXISTING_KEY_ID)$/;

/** Of an environment what s.yaml takes of it here, and the names of what the local cloud has its own values for. */
export function variablesHere(environment: Record<string, string>) {
  const ours = Object.entries(environment).filter(([name]) => name.startsWith('ENVELOPE_'));
  const taken = ours.filter(([name]) => !ITS_OWN.test(name));
  const replaced = ours.map(([name]) => name).filter((name) => ITS_OWN.test(name));
  return { variables: Object.fromEntries(taken), replaced };
}

/** Starts the local cloud and does what `s deploy` does with s.yaml: the stack first, then the functions. */
export async function deployLocally({
  sYaml,
  template,
  downloadsPort,
  variables = {},
  ...options
}: LocalOptions): Promise<LocalDeployment> {
  const declared = await stackIn(sYaml, { ...options, variables });
  const cloud = await startCloud({ ...options, template: template ?? declared.template });
  try {
    const owner = { region: cloud.region, credentials: cloud.root };
    const outputs = await cloud.attach(declared.parameters);
    const clientOf = (name: string) =>
      ossClient(owner, { endpoint: cloud.oss.endpoint, bucket: outputs[name] ?? '', addressing: 'path' });
    const downloadsUrl = await cloud.oss.bindDomain(outputs.DownloadsBucket ?? '', downloadsPort);
    const env = {
      ...variables,
      // Virtual-host style, as in production; the local runtime resolves *.localhost.
      ENVELOPE_OSS_ENDPOINT: `http://oss-${cloud.region}-internal.localhost:${cloud.oss.port}`,
      ENVELOPE_KMS_ENDPOINT: cloud.kms.endpoint,
      ENVELOPE_MNS_ENDPOINT: cloud.mns.endpoint,
      ENVELOPE_DOWNLOADS_URL: downloadsUrl,
    };
    const fc = await cloud.deploy(sYaml, (ENVELOPE_FC_ENDPOINT) => ({ ...env, ENVELOPE_FC_ENDPOINT }));
    const decryptUrl = `${fc.functions.get('oss-envelope-decrypt')?.httpUrl}/downloads`;
    return {
      cloud,
      fc,
      owner,
      inbox: clientOf('InboxBucket'),
      vault: clientOf('VaultBucket'),
      downloads: clientOf('DownloadsBucket'),
      decryptUrl,
      downloadsUrl,
      stack: { parameters: declared.parameters, outputs },
      env: { ...env, ENVELOPE_FC_ENDPOINT: fc.endpoint, ENVELOPE_KMS_KEY_ARNS: outputs.KeyArns ?? '' },
      close: () => cloud.close(),
    };
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

async function stackIn(
  sYaml: string,
  { seed = {}, accountId = homeOf(seed).accountId, variables: env = {} }: Omit<LocalOptions, 'sYaml'>,
): Promise<DeclaredStack> {
  const declared = await readStack(sYaml, { env, accountId });
  if (!declared) throw new Error(`Cannot deploy ${sYaml}: no resource of it has the component ros`);
  return declared;
}
