import { randomBytes } from 'node:crypto';
import { combineCrc64, crc64 } from '../../../functions/cloud/crc64';
import { readRange } from '../../../functions/decrypt/ranges';
import { PARTS_MAX } from '../../../functions/envelope/layout';
import { readDownload } from '../../cloud/downloads';
import { decryptFunctionOf } from '../../cloud/functions-decrypt';
import { connected, type RangedOutput, reach } from '../../files/ranged-output';
import type { Session } from '../../session/session';
import { openThere } from './opening';
import type { OnBytes, Source, Wanted } from './source';

/** The decrypt function opens it; what it has opened is fetched from the downloads bucket. */
export async function throughFunctions(
  session: Session,
  { place: { key }, versionId: wanted, range }: Wanted,
): Promise<Source> {
  const decrypt = decryptFunctionOf(session);
  const { versionId, bytes: size, facts } = await decrypt.describe(key, wanted);
  const { from, to } = readRange(range, size);
  const bytes = to - from;
  const download = ({ id, isNew }: Id) => {
    const request = { key, versionId, ...(range !== undefined && { range }), id };
    let isKnown = !isNew;
    const ask = async () => {
      const before = isKnown;
      isKnown = true;
      return (await openThere(session, { decrypt, request, bytes }, before)).url;
    };
    return { size: bytes, ask };
  };
  return {
    versionId,
    sealedAt: facts.sealedAt,
    bytes,
    content: {},
    done: ({ runs }) => reach(runs),
    async fill(output, onBytes) {
      const id = await idIn(output);
      const there = connected(output.runs);
      const from = there.at(-1)?.to ?? 0;
      const sum = crc64(combineCrc64(there.map((run) => ({ ...run, size: run.to - run.from }))));
      await inRuns(output, readDownload(session, download(id), { from, sum }), { from, bytes, onBytes });
    },
    async *stream(onBytes) {
      const sum = crc64();
      for await (const piece of readDownload(session, download(newId()), { from: 0, sum })) {
        onBytes(piece.length);
        yield piece;
      }
    },
  };
}

/** A run is noted when so many bytes have come; of a large file there are no more runs than of parts. */
const RUN_MIN = 65_536;

type Coming = { from: number; bytes: number; onBytes: OnBytes };

/** Writes pieces one after the other; what has come is noted also where no more comes. */
async function inRuns(
  output: RangedOutput,
  pieces: AsyncIterable<Buffer>,
  { from, bytes, onBytes }: Coming,
): Promise<void> {
  const least = Math.max(RUN_MIN, Math.ceil(bytes / PARTS_MAX));
  let [at, run, sum] = [from, from, crc64()];
  const hold = async () => {
    await output.hold({ from: run, to: at, checksum: sum.value() });
    [run, sum] = [at, crc64()];
  };
  try {
    for await (const piece of pieces) {
      await output.write(at, piece);
      sum.update(piece);
      at += piece.length;
      onBytes(piece.length);
      if (at - run >= least) await hold();
    }
  } finally {
    if (at > run) await hold();
  }
}

/** The own name of an opening. `isNew`: nobody has been asked by it. */
type Id = { id: string; isNew: boolean };

function newId(): Id {
  return { id: randomBytes(16).toString('hex'), isNew: true };
}

/** An opening that goes on while nobody waits for it is found again by its id. */
async function idIn({ facts, note }: RangedOutput): Promise<Id> {
  for (const fact of facts) {
    if ('id' in fact && typeof fact.id === 'string') return { id: fact.id, isNew: false };
  }
  const found = newId();
  await note({ id: found.id });
  return found;
}
