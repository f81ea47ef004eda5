import type { Call } from '../../infra/local/gateway/hooks';
import { INBOX, VAULT } from '../../infra/run/deployment';
import type { Envelope, Sight } from './look';
import type { Upload } from './owner';

/** What the model knows of a key. */
export type History = {
  key: string;
  uploads: Upload[];
  /** Its owner deleted it while the newest was in the inbox: sealed or not, that may stay below the delete marker. */
  isWithdrawn: boolean;
  /** Ids of all envelopes that were ever seen in the vault. */
  envelopes: Set<string>;
  /** An event of the key lies in the dead-letter queue. */
  isDead: boolean;
};

/** What is wrong; undefined where nothing is. */
type Check = (history: History, sight: Sight) => string | undefined;

/** A call that no function may make, whatever its answer. */
export function forbidden({ operation, bucket, key, query }: Call): string | undefined {
  const isDelete = /^Delete/.test(operation);
  if (isDelete && bucket === VAULT) return `${operation} in the vault`;
  if (isDelete && bucket === INBOX && (operation !== 'DeleteObject' || !query.versionId))
    return `${operation} of ${key} in the inbox without a version id`;
  return undefined;
}

/** Holds at every instant. */
export const always: Check = (history, sight) =>
  damaged(sight) ?? forgotten(history, sight) ?? lost(history, sight);

/** Holds whenever nothing runs. */
export const atRest: Check = (history, sight) =>
  always(history, sight) ?? unreadable(history, sight) ?? (history.isDead ? undefined : hidden(sight));

/** Holds once everything has been delivered and swept. */
export const atTheEnd: Check = (history, sight) =>
  always(history, sight) ?? hidden(sight) ?? unsealed(history, sight);

function damaged({ vault }: Sight): string | undefined {
  const bad = vault.find(({ upload }) => typeof upload === 'string');
  return bad && `an envelope is damaged: ${bad.upload}`;
}

function forgotten({ envelopes }: History, { vault }: Sight): string | undefined {
  const there = vault.map(({ versionId }) => versionId);
  const gone = [...envelopes].find((versionId) => !there.includes(versionId));
  return gone && `envelope ${gone} has gone from the vault`;
}

/** An upload goes only after an envelope of it, or of a newer one, is there: so the newest can always be read. */
function lost({ uploads }: History, { inbox, vault }: Sight): string | undefined {
  const newest = newestSealed(vault);
  const gone = uploads.find(({ number, versionId }) => !inbox.has(versionId) && number > newest);
  return gone && `upload ${gone.number} is gone before it or a newer one was sealed`;
}

/** To be read means: in the inbox, or as the vault's current version. */
function unreadable({ uploads, isDead }: History, { inbox, vault }: Sight): string | undefined {
  const newest = uploads.at(-1);
  if (!newest || isDead || inbox.has(newest.versionId)) return undefined;
  const current = currentOf(vault);
  return isLike(current, newest) ? undefined : `upload ${newest.number}, the newest, cannot be read`;
}

function hidden({ vault }: Sight): string | undefined {
  const current = currentOf(vault);
  const newest = vault
    .flatMap(({ upload }) => upload)
    .find((upload) => numberOf(upload) === newestSealed(vault));
  if (newest === undefined || typeof newest === 'string' || isLike(current, newest)) return undefined;
  return `envelope of upload ${numberOf(current?.upload)} hides the one of upload ${newest.number}`;
}

function unsealed(
  { uploads, isWithdrawn }: History,
  { inbox, hasCurrent, vault }: Sight,
): string | undefined {
  const newest = uploads.at(-1);
  if (!newest) return undefined;
  if (hasCurrent) return 'the inbox has a current version';
  if (isWithdrawn) return undefined;
  if (newestSealed(vault) !== newest.number && !isLike(currentOf(vault), newest))
    return `upload ${newest.number}, the newest, is not sealed`;
  return inbox.size > 0 ? `the inbox keeps ${inbox.size} versions` : undefined;
}

function newestSealed(vault: Envelope[]): number {
  return Math.max(-1, ...vault.map(({ upload }) => numberOf(upload)));
}

function currentOf(vault: Envelope[]): Envelope | undefined {
  return vault.find(({ isCurrent }) => isCurrent);
}

function numberOf(upload: Upload | string | undefined): number {
  return typeof upload === 'object' ? upload.number : -1;
}

/** Equal content is equally good. */
function isLike(envelope: Envelope | undefined, { content }: Upload): boolean {
  return typeof envelope?.upload === 'object' && envelope.upload.content.equals(content);
}
