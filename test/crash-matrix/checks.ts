import type { Call } from '../../infra/local/gateway/hooks';
import { INBOX } from '../../infra/run/deployment';
import { type Cell, EVENT, troublesOf, type Uploaded } from './cells';
import type { Holdings } from './holdings';
import { isFinal } from './kinds';
import { PHRASE } from './scenarios';
import type { Stage } from './stage';

/**
 * What must hold at every moment: an upload that has gone from the inbox, or one newer than it, opens from the vault; so
 * the newest can always be read. From the vault nothing has gone, and nothing is hidden.
 */
export async function checkMoment(stage: Stage, cell: Cell, holdings: Holdings): Promise<void> {
  const { inbox, vault } = holdings;
  const violate = (what: string) => cell.violations.add(what);
  if (inbox.markers.length > 0) violate('a delete marker lies in the inbox');
  if (vault.markers.length > 0) violate('a delete marker lies in the vault');
  const there = new Set(vault.versions.map(({ versionId }) => versionId));
  if ([...cell.kept].some((versionId) => !there.has(versionId))) violate('the vault has lost a version');
  cell.kept = there;
  const upload = cell.uploads.findLast(({ eTag }) => !inbox.versions.some((one) => one.eTag === eTag));
  if (upload && !(await isSealed(stage, cell, { vault, upload })))
    violate('an upload has gone that is not sealed');
}

/** Whether the vault's current version opens to the newest upload. */
async function isOnTop({ opener }: Stage, { key, uploads }: Cell, { vault }: Holdings): Promise<boolean> {
  const current = vault.versions.find(({ isCurrent }) => isCurrent);
  const content = current && (await opener.open(key, current.versionId));
  return content?.equals(uploads.at(-1)?.content ?? Buffer.of()) ?? false;
}

/** Whether a version in the vault opens to this upload or a newer one. */
async function isSealed(
  { opener }: Stage,
  { key, uploads }: Cell,
  { vault, upload }: Pick<Holdings, 'vault'> & { upload: Uploaded },
): Promise<boolean> {
  const opened = await Promise.all(vault.versions.map(({ versionId }) => opener.open(key, versionId)));
  return uploads
    .slice(uploads.indexOf(upload))
    .some(({ content }) => opened.some((one) => one?.equals(content)));
}

/** The encrypt function deletes in the inbox only, one version at a time. */
export function checkDelete({ violations }: Cell, { bucket, operation, query }: Call): void {
  if (bucket !== INBOX) violations.add(`the encrypt function deletes in ${bucket}`);
  if (operation !== 'DeleteObject' || !query.versionId) violations.add('a delete names no version');
}

/** Once every run has ended: sealed, or in the dead-letter queue with the plaintext untouched. */
export async function checkEnded(stage: Stage, cell: Cell, holdings: Holdings): Promise<void> {
  await checkMoment(stage, cell, holdings);
  const mayBeLost = cell.trouble?.call === EVENT;
  const mayBeBuried = troublesOf(cell).some(({ kind }) => isFinal(kind));
  if (cell.letters > 0 && !mayBeBuried)
    cell.violations.add('a dead letter about what another try could mend');
  const isAtRest = await isDone(stage, cell, holdings);
  if (!isAtRest && cell.letters === 0 && !mayBeLost) cell.violations.add('neither sealed nor a dead letter');
}

/** The newest upload is on top in the vault, and the inbox has nothing left of the key. */
export async function isDone(stage: Stage, cell: Cell, holdings: Holdings): Promise<boolean> {
  return holdings.inbox.versions.length === 0 && (await isOnTop(stage, cell, holdings));
}

const SECRETS = [PHRASE, 'security-token', 'SecurityToken=', 'Signature=', 'CAIS'];

/** The first secret that a text holds, by its kind; undefined where it holds none. */
export function secretIn(text: string, dataKeys: string[]): string | undefined {
  if (dataKeys.some((key) => text.includes(key))) return 'a data key';
  return SECRETS.find((secret) => text.includes(secret));
}
