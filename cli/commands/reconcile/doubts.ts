import type { Announced } from '../../../functions/cloud/upload-event';

/** What is in doubt about a key, and what to do about each kind. */
export const TODO = {
  unsealed: 'see dead-letters list; mend and replay, or --fix',
  'not-taken': 'mend what the code says (infra/operating.md, "Dead letters")',
  'sealed-not-removed': '--fix: it is sealed again and removed',
  'out-of-order': '--fix: the newest envelope is put on top again',
  'no-envelope':
    'oss-envelope inspect tells what it looks like; --fix puts the newest envelope on top, where there is one',
  'foreign-key':
    'somebody has put it there under a key that is none of the deployment, or ENVELOPE_OTHER_KEY_ID lacks one; --fix puts the newest envelope on top, where there is one',
  unbelievable:
    'find out who wrote it: nobody but the functions should; --fix puts the newest believable envelope on top, where there is one',
  archived: 'restore it: in an archive it cannot be opened',
  hidden: 'somebody has deleted the key: remove the delete marker, unless that was meant',
  unfinished: 'the sweep aborts what it finds in the vault; abort it, if nobody uploads any more',
} as const;

/** `fix`: the event that has the encrypt function put it right. */
export type Doubt = {
  bucket: string;
  key: string;
  what: keyof typeof TODO;
  why: string;
  versionId?: string;
  fix?: Announced;
};

/** `3 days`, `5 hours`, `20 minutes`. */
export function ageText(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const [count, unit] =
    minutes >= 2880
      ? [Math.floor(minutes / 1440), 'day']
      : minutes >= 120
        ? [Math.floor(minutes / 60), 'hour']
        : [minutes, 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
