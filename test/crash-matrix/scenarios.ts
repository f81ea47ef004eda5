import { createHash } from 'node:crypto';
import { INBOX } from '../../infra/run/deployment';
import { PART } from '../deployment';
import { type Cell, EVENT, type Scenario } from './cells';
import { holdingsOf } from './holdings';
import type { Kind } from './kinds';
import type { Stage } from './stage';

/** In every plaintext, and nowhere else. */
export const PHRASE = 'the quick brown plaintext';

const SMALL = 60;
const THREE_PARTS = 2 * PART + 1;

/** With a tag, so that the tags are read as well. */
const small: Scenario = {
  name: 'small object',
  isAnnounced: true,
  act: (stage, cell) => put(stage, cell, { size: SMALL, headers: { 'x-oss-tagging': 'colour=blue' } }),
};

const multipart: Scenario = {
  name: 'three parts',
  isAnnounced: true,
  act: (stage, cell) => put(stage, cell, { size: THREE_PARTS }),
};

/** Of three uploads the first is sealed, the second was never announced; a late run puts the first on top again. */
const overwrite: Scenario = {
  name: 'overwrite',
  isAnnounced: true,
  setUp: (stage, cell) => put(stage, cell, { size: SMALL }),
  async act(stage, cell) {
    await put(stage, cell, { size: SMALL, event: 'fails' });
    await put(stage, cell, { size: SMALL });
  },
  async meanwhile(stage, { key }) {
    const { vault } = await holdingsOf(stage, key);
    const oldest = vault.versions.at(-1);
    if (oldest) await stage.vault.copy(key, key, { versionId: oldest.versionId });
  },
};

const duplicate: Scenario = {
  name: 'duplicate event',
  isAnnounced: false,
  setUp: (stage, cell) => put(stage, cell, { size: SMALL }),
  act: (stage, cell) => stage.fc.deliver(eventOf(cell)),
};

const refused: Scenario = {
  name: 'three parts, refused',
  isAnnounced: true,
  trouble: { call: 'oss CompleteMultipartUpload vault', kind: 'refused' },
  act: (stage, cell) => put(stage, cell, { size: THREE_PARTS }),
};

export const SCENARIOS = { small, multipart, overwrite, duplicate, refused };

type NewUpload = { size: number; headers?: Record<string, string>; event?: Kind };

async function put({ cloud, inbox }: Stage, cell: Cell, { size, headers = {}, event }: NewUpload) {
  const { key, trouble, isActing } = cell;
  const ofMatrix = isActing && trouble?.call === EVENT ? trouble.kind : undefined;
  const kind = event ?? ofMatrix;
  if (kind)
    cloud.faults.add({
      match: { service: 'event', bucket: INBOX, key },
      do: deedOf(kind, cloud.clock.now()),
    });
  const content = Buffer.alloc(size, `${PHRASE}, number ${cell.uploads.length} of ${key}. `);
  cell.uploads.push({ eTag: createHash('md5').update(content).digest('hex').toUpperCase(), content });
  await inbox.put(key, content, { headers });
}

/** An event that fails never comes; one whose answer is lost comes twice; one that is throttled comes after the sweep. */
function deedOf(kind: Kind, now: number) {
  if (kind === 'answer lost') return { twice: true } as const;
  if (kind === 'throttled') return { delayUntil: now + 20 * 60_000 };
  return { drop: true } as const;
}

/** As OSS announces an upload. */
function eventOf({ key, uploads }: Cell) {
  const eTag = uploads.at(-1)?.eTag ?? '';
  return {
    eventName: 'ObjectCreated:PutObject',
    oss: { bucket: { name: INBOX }, object: { key, eTag } },
  };
}
