import { randomUUID } from 'node:crypto';
import { ossStatus } from '../../../functions/cloud/oss-fault';
import { vaultIn } from '../../../functions/cloud/vault';
import { listVersions } from '../../../functions/cloud/versions';
import { encryptionContext, parseHeader } from '../../../functions/envelope/envelope';
import { Fault } from '../../../functions/fault';
import { functionSettingsAt } from '../../cloud/function-settings';
import { keyOperationsAt } from '../../cloud/key-operations';
import { deadLetterQueue } from '../../cloud/queue';
import type { Deployed, Session } from '../../session/session';

/** Whom an identity is meant to be; `me`: nobody in particular. */
export const PARTS = ['me', 'encrypt', 'decrypt', 'sweep', 'operator'] as const;
export type Part = (typeof PARTS)[number];

/** Something that some may do. `attempt` does it without a trace but in logs, and is refused where it is not allowed. */
export type Act = {
  says: string;
  action: string;
  allowed: Part[];
  /** Whoever else may, it tells him nothing that he must not know. */
  isHarmless?: true;
  attempt(session: Session): Promise<unknown>;
};

type BucketName = 'inboxBucket' | 'vaultBucket' | 'downloadsBucket';

const list = (which: BucketName) => async (session: Session) =>
  listVersions(session.oss(session.deployment[which]), { maxKeys: 1 });

/** An object that is not there: refused with 403, or with 404 where it might have been read. */
const read = (which: BucketName) => async (session: Session) => {
  await session.oss(session.deployment[which]).call('read the object', (client) =>
    client.head(`oss-envelope-doctor-${randomUUID()}`, {}).catch((error) => {
      if (ossStatus(error) !== 404) throw error;
    }),
  );
};

/** Of the permissions in infra/operating.md, "Roles and policies", those that can be tried without changing anything. */
export const harmless: Act[] = [
  {
    says: 'list the inbox',
    action: 'oss:ListObjectVersions',
    allowed: ['encrypt', 'sweep', 'operator'],
    attempt: list('inboxBucket'),
  },
  { says: 'read uploads', action: 'oss:GetObject', allowed: ['encrypt'], attempt: read('inboxBucket') },
  {
    says: 'list the vault',
    action: 'oss:ListObjectVersions',
    allowed: ['encrypt', 'decrypt', 'operator'],
    attempt: list('vaultBucket'),
  },
  {
    says: 'read envelopes',
    action: 'oss:GetObject',
    allowed: ['encrypt', 'decrypt'],
    attempt: read('vaultBucket'),
  },
  {
    ...{ says: 'list the downloads', action: 'oss:ListObjects', allowed: ['sweep', 'operator'] },
    attempt: async (session) =>
      session
        .oss(session.deployment.downloadsBucket)
        .call('list the downloads', (client) => client.listV2({ 'max-keys': '1' })),
  },
  { says: 'read downloads', action: 'oss:GetObject', allowed: ['decrypt'], attempt: read('downloadsBucket') },
  {
    ...{ says: 'describe the key', action: 'kms:DescribeKey', allowed: ['operator'], isHarmless: true },
    attempt: async (session) => keyOperationsAt(session.kms()).describe(aliasOf(session)),
  },
  {
    ...{ says: 'look at the functions', action: 'fc:GetFunction', allowed: ['operator'], isHarmless: true },
    attempt: async (session) =>
      functionSettingsAt(session.fc()).settings(`${session.deployment.name}-encrypt`),
  },
  {
    says: 'count dead letters',
    action: 'mns:GetQueueAttributes',
    allowed: ['operator'],
    attempt: (session) => deadLetterQueue(session).counts(),
  },
  {
    says: 'look at dead letters',
    action: 'mns:PeekMessage',
    allowed: ['operator'],
    attempt: (session) => deadLetterQueue(session).peek(),
  },
];

/** What KMS's audit trail shows. */
export const audited: Act[] = [
  {
    ...{ says: 'make data keys', action: 'kms:GenerateDataKey', allowed: ['encrypt'] },
    async attempt(session) {
      const keys = session.keys({ region: session.region, accountId: '' });
      const { dataKey } = await keys.generate(aliasOf(session), encryptionContext(Buffer.from('doctor')));
      dataKey.fill(0);
    },
  },
  {
    ...{ says: 'unwrap the data key of an envelope', action: 'kms:Decrypt', allowed: ['decrypt'] },
    attempt: unwrapOne,
  },
];

async function unwrapOne(session: Session): Promise<void> {
  const bucket = session.oss(session.deployment.vaultBucket);
  const { versions } = await listVersions(bucket, { maxKeys: 1 });
  const [version] = versions;
  if (!version) throw new Fault('envelope-missing', 'Cannot try: the vault is empty');
  const { start } = await vaultIn(bucket).find(version.key);
  const { wrappedKeys, factsBytes } = parseHeader(start);
  const { region } = session;
  const accountId = await session.accountId();
  const ours = `acs:kms:${region}:${accountId}:`;
  const wrappedKey = wrappedKeys.find(({ keyArn }) => keyArn.startsWith(ours));
  if (!wrappedKey) throw new Fault('cannot-open', 'Cannot try: the envelope is under a key of somebody else');
  const keys = session.keys({ region, accountId });
  const { dataKey } = await keys.unwrap(wrappedKey, encryptionContext(factsBytes));
  dataKey.fill(0);
}

function aliasOf({ deployment }: Deployed): string {
  return `alias/${deployment.name}`;
}
