import type { Letter } from './letter';

/** What to do about a letter's cause (infra/operating.md, "Dead letters"). */
const CAUSES: Record<string, string> = {
  'key-unsupported':
    'the key is over 1023 bytes or has a segment . or ..: rename the object, then drop the letter',
  'metadata-unsupported':
    'its metadata is not UTF-8, or OSS takes no such: upload it with other metadata, then drop the letter',
  'source-symlink': 'upload the object that the link points to, then drop the letter',
  'source-archived': 'restore the object, then replay',
  'source-appendable': 'set ENVELOPE_APPENDABLE_QUIET_SECONDS and deploy, then replay',
  'inbox-unversioned': 'enable versioning on the inbox bucket, then replay',
  'vault-unversioned': 'enable versioning on the vault bucket, then replay',
  'kms-refused': "mend the key's state or the role's permission (oss-envelope doctor), then replay",
  'oss-refused': "mend the role's permission (oss-envelope doctor), then replay",
  'too-large':
    'the object or its metadata is beyond what the format holds: upload it otherwise, then drop the letter',
  'cannot-seal': 'its metadata is beyond what the format holds: upload it otherwise, then drop the letter',
  'event-invalid': 'the event is none of an upload to this inbox: drop the letter',
  malformed: 'look who else sends to this queue, then drop it',
};

export function mendOf({ code }: Pick<Letter, 'code'>): string {
  // Who may send to the queue may write any code.
  const known = Object.hasOwn(CAUSES, code) ? CAUSES[code] : undefined;
  return known ?? "the function's log tells more under the request id; then replay";
}

/** The same where there is no letter yet. */
export function mendBeforeLetter(code: string): string {
  return mendOf({ code }).replace(/, then (replay|drop the letter)$/, '');
}
