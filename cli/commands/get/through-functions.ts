import { randomBytes } from 'node:crypto';
import { crc64 } from '../../../functions/cloud/crc64';
import { readRange } from '../../../functions/decrypt/ranges';
import { readDownload, sumOf } from '../../cloud/downloads';
import { openDecryptFunction } from '../../cloud/functions-decrypt';
import type { RangedOutput } from '../../files/ranged-output';
import type { Session } from '../../session/session';
import { openThere } from './opening';
import type { Source, Wanted } from './source';

/** The decrypt function opens it; what it has opened is fetched from the downloads bucket. */
export async function throughFunctions(
  session: Session,
  { place: { key }, versionId: wanted, range }: Wanted,
): Promise<Source> {
  const decrypt = openDecryptFunction(session);
  const { versionId, bytes: size, facts } = await session.retry(() => decrypt.describe(key, wanted));
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
    done: (output) => output.size(),
    async fill(output, onBytes) {
      let at = await output.size();
      const sum = await sumOf(output.read({ from: 0, to: at }));
      const id = await idIn(output);
      for await (const piece of readDownload(session, download(id), { from: at, sum })) {
        await output.write(at, piece);
        at += piece.length;
        onBytes(piece.length);
      }
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

/** The own name of an opening. `isNew`: nobody has been asked by it. */
type Id = { id: string; isNew: boolean };

function newId(): Id {
  return { id: randomBytes(16).toString('hex'), isNew: true };
}

/** An opening that goes on while nobody waits for it is found again by its id. */
async function idIn({ notes, note }: RangedOutput): Promise<Id> {
  for (const fact of notes) {
    if ('id' in fact && typeof fact.id === 'string') return { id: fact.id, isNew: false };
  }
  const found = newId();
  await note({ id: found.id });
  return found;
}
