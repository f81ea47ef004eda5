import { Fault } from '../../functions/fault';
import type { Upload } from './owner';
import type { World } from './world';

/** A version in the vault: of which upload it is, or why it is none. */
export type Envelope = { versionId: string; isCurrent: boolean; upload: Upload | string };

/** What the owner finds under a key. */
export type Sight = {
  /** Version ids, delete markers left out. */
  inbox: Set<string>;
  /** In the inbox. */
  hasCurrent: boolean;
  /** The newest first. */
  vault: Envelope[];
};

/** Looks with the owner's own clients; each envelope is opened once. */
export function createLook({ inbox, vault, open }: World) {
  const known = new Map<string, Upload | string>();

  async function look(key: string, uploads: Upload[]): Promise<Sight> {
    const [plain, sealed] = await Promise.all([versionsOf(inbox, key), versionsOf(vault, key)]);
    const envelopes: Envelope[] = [];
    for (const { versionId, isLatest } of sealed) {
      const upload = known.get(versionId) ?? (await uploadOf(key, versionId, uploads));
      known.set(versionId, upload);
      envelopes.push({ versionId, isCurrent: isLatest, upload });
    }
    return {
      inbox: new Set(plain.map(({ versionId }) => versionId)),
      hasCurrent: plain.some(({ isLatest }) => isLatest),
      vault: envelopes,
    };
  }

  async function uploadOf(key: string, versionId: string, uploads: Upload[]): Promise<Upload | string> {
    try {
      const { facts, plaintext } = await open(key, versionId);
      const upload = uploads.find((one) => one.versionId === facts.inbox.versionId);
      if (!upload) return `it is made of version ${facts.inbox.versionId}, which was never uploaded`;
      return upload.content.equals(plaintext) ? upload : 'it opens to other bytes than were uploaded';
    } catch (error) {
      if (error instanceof Fault) return `it does not open: ${error.code} (${error.detail})`;
      throw error;
    }
  }

  return look;
}

async function versionsOf(client: World['inbox'], key: string) {
  const { objects } = await client.getBucketVersions({ prefix: key, maxKeys: 1000 });
  return objects.filter(({ name }) => name === key);
}
