import type { Holding, Version } from '../../../functions/cloud/versions';
import { nextTry } from '../../../functions/sweep/due';
import type { Letter } from '../../cloud/letter';
import { mendBeforeLetter, mendOf } from '../../cloud/mend';
import { refusalOf } from '../../cloud/refusal';

/** Seconds, as the functions are deployed with. `quiet` undefined: appendable objects are refused. */
export type Times = { grace: number; withdrawn: number; quiet: number | undefined };

/** Why a version lies in the inbox. `code`: of the refusal. `until`: when something is due to happen to it. */
type Reason = {
  kind: 'on-its-way' | 'waiting' | 'growing' | 'refused' | 'dead-lettered' | 'superseded' | 'withdrawn';
  code?: string;
  why: string;
  until?: Date;
  todo?: string;
};

/** A version of the inbox. `age`: seconds, by the clock of OSS. */
export type Waiting = { version: Version; age: number; reason: Reason };

type Known = { times: Times; letter: Letter | undefined };

/** What waits under a key, the newest first. `letter`: the one at the front of the queue. */
export function waitingIn(known: Known, holding: Holding): Waiting[] {
  const hasCurrent = holding.versions.some(({ isCurrent }) => isCurrent);
  return holding.versions.map((version) => {
    const age = Math.max(0, (holding.answeredAt.getTime() - Date.parse(version.lastModified)) / 1000);
    if (version.isCurrent) return { version, age, reason: whyNotSealed(known, version, age) };
    return { version, age, reason: hasCurrent ? SUPERSEDED : withdrawn(known.times, holding) };
  });
}

const SUPERSEDED: Reason = {
  kind: 'superseded',
  why: 'a newer upload has its key; it goes when that one is sealed',
};

function withdrawn(times: Times, { versions, markers }: Holding): Reason {
  const [marker] = markers;
  const why = 'its owner has deleted it';
  // The sweep names none of these.
  const stays = versions.some(({ versionId, key }) => versionId === 'null' || isUnnamable(key));
  if (!marker || stays) {
    const todo = 'ossutil rm --version-id: the sweep cannot remove it';
    return { kind: 'withdrawn', why, todo };
  }
  const until = later(marker.lastModified, times.withdrawn);
  return { kind: 'withdrawn', why: `${why}; the sweep removes it then`, until };
}

function isUnnamable(key: string): boolean {
  const other = { type: 'Normal', storageClass: 'Standard' } as const;
  return refusalOf({ key, ...other }, { appendable: true, archived: true }) !== undefined;
}

function whyNotSealed({ times, letter }: Known, version: Version, age: number): Reason {
  const { lastModified, type } = version;
  const { grace, quiet } = times;
  const until = later(lastModified, nextTry(age, grace));
  if (letter && isAbout(letter, version)) {
    const { code, sentence } = letter;
    return { kind: 'dead-lettered', code, why: sentence, until, todo: mendOf(letter) };
  }
  const code = refusalOf(version, { appendable: quiet !== undefined, archived: false });
  if (code)
    return { kind: 'refused', code, why: 'encrypt does not take it', until, todo: mendBeforeLetter(code) };
  if (type === 'Appendable' && quiet !== undefined && age < quiet) {
    const why = `appended to a moment ago; it is complete when nobody has for ${quiet} seconds`;
    return { kind: 'growing', why, until: later(lastModified, tryAfter(quiet, grace)) };
  }
  if (age < grace)
    return { kind: 'on-its-way', why: 'its event is on its way, or it is being sealed', until };
  const todo = 'see oss-envelope dead-letters list, oss-envelope doctor';
  return { kind: 'waiting', why: 'no event has sealed it; the sweep tries again then', until, todo };
}

/** An event may write the digits of an eTag small; one of OSS knows no version id. */
function isAbout({ keys, event = '' }: Letter, { key, eTag }: Version): boolean {
  return keys.includes(key) && event.toUpperCase().includes(eTag.toUpperCase());
}

/** The first age, in seconds, at which the sweep takes up what is quiet for so long. */
function tryAfter(quiet: number, grace: number): number {
  let next = grace;
  while (next < quiet) next = nextTry(next, grace);
  return next;
}

function later(moment: string, seconds: number): Date {
  return new Date(Date.parse(moment) + seconds * 1000);
}
