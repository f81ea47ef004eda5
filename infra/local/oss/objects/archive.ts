import type { ObjectVersion, Version } from '../store/versions';
import { OssError } from '../wire/errors';
import { httpTime } from './object-headers';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

type Tiers = Record<string, number>;

/** What RestoreObject may ask of a storage class: how long each tier takes (ms), and for how many days at most. */
type Archive = { tiers: Tiers; byDefault: string; mostDays: number };

const standardTier = 'Standard';
// The longest time that the docs give for each tier ("Restore objects").
const archives: Record<string, Archive> = {
  Archive: { tiers: { [standardTier]: minute }, byDefault: standardTier, mostDays: 7 },
  ColdArchive: {
    tiers: { Expedited: hour, [standardTier]: 5 * hour, Bulk: 12 * hour },
    byDefault: standardTier,
    mostDays: 365,
  },
  DeepColdArchive: {
    tiers: { Expedited: 12 * hour, [standardTier]: 48 * hour },
    byDefault: standardTier,
    mostDays: 365,
  },
};

/** The storage classes of OSS. */
export const storageClasses = ['Standard', 'IA', ...Object.keys(archives)];

/** What RestoreObject asks for. */
export type RestoreRequest = { days: number; tier: string | undefined };

/** Throws InvalidObjectState when the bytes are archived and not restored (GetObject, CopyObject). */
export function checkReadable(object: ObjectVersion, now: number): void {
  if (!archiveOf(object) || stateOf(object, now) === 'restored') return;
  throw new OssError('InvalidObjectState');
}

/** x-oss-restore, while a restoration is under way or its result can be read. */
export function restoreHeaders(object: ObjectVersion, now: number): Record<string, string> {
  const state = stateOf(object, now);
  if (state === 'restoring') return { 'x-oss-restore': 'ongoing-request="true"' };
  if (state !== 'restored' || !object.restored) return {};
  const expiry = httpTime(object.restored.until);
  return { 'x-oss-restore': `ongoing-request="false", expiry-date="${expiry}"` };
}

/** How a list tells of a restoration: the text of x-oss-restore. */
export function restoreInfo(version: Version, now: number): { RestoreInfo?: string } {
  const told = version.deleteMarker ? undefined : restoreHeaders(version, now)['x-oss-restore'];
  return told === undefined ? {} : { RestoreInfo: told };
}

/**
 * From when until when the object will be readable, and with what answer: 202 for a new restoration, 200 for one
 * that is prolonged. Throws OperationNotSupported, RestoreAlreadyInProgress, InvalidArgument.
 */
export function restoration(object: ObjectVersion, wanted: RestoreRequest, now: number) {
  const archive = archiveOf(object);
  if (!archive) throw new OssError('OperationNotSupported', { ec: '0016-00000702' });
  const takes = archive.tiers[wanted.tier ?? archive.byDefault];
  if (takes === undefined || wanted.days < 1 || wanted.days > archive.mostDays) {
    throw new OssError('InvalidArgument', { message: 'The restore request is invalid.' });
  }
  const state = stateOf(object, now);
  if (state === 'restoring') throw new OssError('RestoreAlreadyInProgress');
  if (state === 'restored' && object.restored) {
    const { from, until } = object.restored;
    const longest = from + archive.mostDays * day;
    return { status: 200, restored: { from, until: Math.min(until + wanted.days * day, longest) } };
  }
  const from = now + takes;
  return { status: 202, restored: { from, until: from + wanted.days * day } };
}

/** Whether a restoration of this object may choose a tier: not so for Archive. */
export function choosesTier(object: ObjectVersion): boolean {
  return Object.keys(archiveOf(object)?.tiers ?? {}).length > 1;
}

function archiveOf({ headers }: ObjectVersion): Archive | undefined {
  return archives[headers['x-oss-storage-class'] ?? ''];
}

function stateOf({ restored }: ObjectVersion, now: number): 'frozen' | 'restoring' | 'restored' {
  if (!restored || now >= restored.until) return 'frozen';
  return now < restored.from ? 'restoring' : 'restored';
}
