import { fcClient } from '../../functions/cloud/fc-client';
import type { Call } from '../../infra/local/gateway/hooks';
import { DOWNLOADS, INBOX, VAULT } from '../../infra/run/deployment';
import { createNames, isBy, isRead, nameOfCall } from './calls';
import { holdingsOf } from './holdings';
import { effectOf, isKill, isWorth, type Kind, kindsIn, type Phase } from './kinds';
import { type Stage, startStage } from './stage';

const SWEEP = 'oss-envelope-sweep';
/** What the operator has invoked fails, and nobody delivers it again. */
export const SWEEP_KINDS: Kind[] = ['refused', 'answer lost', 'killed before', 'killed after'];

/** Seconds after which the sweep takes up anything, and between what two cells leave behind. */
const AGE = 6 * 3600;
const STEP = 200;

export type SweepCell = {
  call: string | undefined;
  kind: Kind | undefined;
  key: string;
  /** What the sweep that went wrong had dealt with of all that there was. */
  isFoundAtOnce: boolean;
  violations: string[];
};

/**
 * Leaves behind what a sweep is there for, has each of the sweep's calls go wrong in each way, sweeps once more, and
 * looks whether everything was found. What a cell leaves behind is old enough for its own sweeps and later ones only.
 */
export async function sweepMatrix(kinds: Kind[] = SWEEP_KINDS): Promise<SweepCell[]> {
  const stage = await startStage(agesAlike);
  try {
    const [clean] = await sweepAll(stage, [newCell(undefined, undefined)]);
    const cells = callsOf(stage).flatMap((call) =>
      kinds.filter((kind) => isWorth(kind, { isRead: isRead(call) })).map((kind) => newCell(call, kind)),
    );
    return [clean, ...(await sweepAll(stage, cells))].filter((cell) => cell !== undefined);
  } finally {
    await stage.close();
  }
}

function agesAlike(sYaml: string): string {
  return sYaml
    .replace(/ENVELOPE_WITHDRAWN_SECONDS: /, `ENVELOPE_STALE_UPLOAD_SECONDS: '${AGE}'\n        $&`)
    .replaceAll(/(ENVELOPE_(GRACE|DOWNLOAD|WITHDRAWN)_SECONDS): .*/g, `$1: '${AGE}'`);
}

let cells = 0;

function newCell(call: string | undefined, kind: Kind | undefined): SweepCell {
  const key = `swept-${String(++cells).padStart(5, '0')}`;
  return { call, kind, key, isFoundAtOnce: false, violations: [] };
}

function callsOf({ cloud }: Stage): string[] {
  const sweeps = cloud.journal.entries().filter(({ principal }) => isBy(principal, SWEEP));
  const first = sweeps.filter(({ principal }) => principal === sweeps[0]?.principal);
  return first.map(createNames());
}

async function sweepAll(stage: Stage, cells: SweepCell[]): Promise<SweepCell[]> {
  for (const { key } of cells) {
    await leaveBehind(stage, key);
    await stage.cloud.clock.advance(STEP * 1000);
  }
  await stage.cloud.clock.advance((AGE - (cells.length - 0.5) * STEP) * 1000);
  for (const cell of cells) {
    await sweepOne(stage, cell);
    await stage.cloud.clock.advance(STEP * 1000);
  }
  return cells;
}

/** An upload without an event, one that its owner has deleted, a bare delete marker, two unfinished uploads, a download. */
async function leaveBehind({ cloud, inbox, vault, downloads }: Stage, key: string): Promise<void> {
  for (const name of [key, `${key}-deleted`]) {
    cloud.faults.add({ match: { service: 'event', bucket: INBOX, key: name }, do: { drop: true } });
    await inbox.put(name, contentOf(name), {});
  }
  await inbox.deleteMulti([`${key}-deleted`], { quiet: true });
  await inbox.deleteMulti([`${key}-marker`], { quiet: true });
  await vault.initMultipartUpload(key, {});
  await downloads.initMultipartUpload(key, {});
  await downloads.put(key, contentOf(key), {});
}

function contentOf(key: string): Buffer {
  return Buffer.from(`what ${key} holds`);
}

async function sweepOne(stage: Stage, cell: SweepCell): Promise<void> {
  let hasFired = cell.call === undefined;
  const nameOf = createNames();
  const due = new WeakMap<Call, Kind[]>();
  const befall = async (call: Call, phase: Phase) => {
    for (const kind of kindsIn(due.get(call), phase)) {
      if (isKill(kind)) await stage.fc.kill(SWEEP);
      return effectOf(kind, call);
    }
    return undefined;
  };
  stage.watcher.before = async (call) => {
    if (!isBy(call.principal, SWEEP)) return undefined;
    const isDue = nameOf(nameOfCall(call)) === cell.call && !hasFired;
    if (isDue) hasFired = true;
    if (isDue && cell.kind) due.set(call, [cell.kind]);
    return befall(call, 'before');
  };
  stage.watcher.after = (call) => befall(call, 'after');
  await sweep(stage);
  cell.isFoundAtOnce = (await leftOf(stage, cell.key)).length === 0;
  if (!cell.isFoundAtOnce) await sweep(stage);
  cell.violations.push(...(await leftOf(stage, cell.key)));
  if (!hasFired) cell.violations.push('the call never came');
}

async function sweep({ owner, cloud, fc }: Stage): Promise<void> {
  const client = fcClient({ ...owner, accountId: cloud.accountId }, fc.endpoint);
  await client.request('POST', `/functions/${SWEEP}/invocations`, {}, '{"all": true}', {});
  await cloud.idle();
}

/** What is not as it should be after a sweep, in words. */
async function leftOf(stage: Stage, key: string): Promise<string[]> {
  const { inbox, vault } = await holdingsOf(stage, key);
  const current = vault.versions.find(({ isCurrent }) => isCurrent);
  const opened = current && (await stage.opener.open(key, current.versionId));
  const left = [
    inbox.versions.length > 0 && `an upload is left in ${INBOX}`,
    inbox.markers.length > 0 && `a delete marker is left in ${INBOX}`,
    !opened?.equals(contentOf(key)) && inbox.versions.length === 0 && 'the upload can be read nowhere',
    (await unfinished(stage.vault, key)) && `an unfinished upload is left in ${VAULT}`,
    (await unfinished(stage.downloads, key)) && `an unfinished upload is left in ${DOWNLOADS}`,
    (await isThere(stage.downloads, key)) && `a plaintext is left in ${DOWNLOADS}`,
  ];
  return left.filter((what) => what !== false);
}

async function unfinished(client: Stage['vault'], key: string): Promise<boolean> {
  const { uploads } = await client.listUploads({ 'max-uploads': 1000 });
  return uploads.some(({ name }) => name === key);
}

async function isThere(client: Stage['downloads'], key: string): Promise<boolean> {
  const { objects = [] } = await client.listV2({ 'max-keys': '1000' });
  return objects.some(({ name }) => name === key);
}
