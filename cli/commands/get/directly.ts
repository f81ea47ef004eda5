import { crc64 } from '../../../functions/cloud/crc64';
import { vaultIn } from '../../../functions/cloud/vault';
import { cut, planSlices, readRange, type Slice } from '../../../functions/decrypt/ranges';
import type { Header } from '../../../functions/envelope/envelope';
import { plaintextIn } from '../../../functions/envelope/envelope';
import { inParallel } from '../../../functions/transfer/transfer';
import { lookAt, sealedIn } from '../../envelope/look-at';
import { type Opened, openSealed } from '../../envelope/open-sealed';
import { checkPlace } from '../../envelope/place';
import { type Location, showLocation } from '../../files/location';
import type { RangedOutput } from '../../files/ranged-output';
import type { Session } from '../../session/session';
import { asFailure, Failure, refusedWithout } from '../../terminal/failure';
import type { OnBytes, Source, Wanted } from './source';

export type DirectOptions = {
  /** Plaintext in a part. */
  partBytes: number;
  /** Parts at a time. */
  parallel: number;
  /** Undefined: the deployment's keys. */
  trustKey?: string[] | undefined;
};

/** Opened here, under the own identity: no plaintext lies in any bucket. Parts are runs of chunks, each verified. */
export async function directly(
  session: Session,
  { place, versionId, range: text }: Wanted,
  { partBytes, parallel, trustKey }: DirectOptions,
): Promise<Source> {
  const vault = vaultIn(session.oss(place.bucket));
  const stored = await vault
    .find(place.key, versionId)
    .catch(refusedWithout('oss:GetObject', `acs:oss:*:*:${place.bucket}/${place.key}`));
  const sealed = sealedIn(vault, stored, showLocation(place));
  const looked = await lookAt(sealed);
  const { facts } = looked.header;
  checkOwnPlace(looked.header, place);
  const range = readRange(text, facts.inbox.size);
  const whole = plaintextIn(looked.header);
  const slices = planSlices(range, whole, partBytes);
  const opened = await openSealed(session, sealed, looked, trustKey);
  const plaintext = (slice: Slice) => cut(slice, whole, opened.chunks(slice.chunks));
  return {
    versionId: stored.versionId,
    sealedAt: facts.sealedAt,
    bytes: range.to - range.from,
    content: { partBytes },
    done: (output) => sizeOf(slices.filter(isDone(output, range.from))),
    fill: (output, onBytes) => fill({ slices, plaintext, parallel, from: range.from }, output, onBytes),
    async *stream(onBytes) {
      for (const slice of slices) {
        for await (const piece of plaintext(slice)) {
          onBytes(piece.length);
          yield piece;
        }
      }
    },
  };
}

/** A get is of a place; what was moved there opens by another command. */
function checkOwnPlace(header: Header, place: Location): void {
  try {
    checkPlace(header, place);
  } catch (error) {
    const { code, message } = asFailure(error);
    const theirs = showLocation(header.facts.vault);
    const todo = `if that is the one you mean: oss-envelope open ${showLocation(place)} --place ${theirs}`;
    throw new Failure(code, message, { todo });
  }
}

type Filling = {
  slices: Slice[];
  plaintext: (slice: Slice) => ReturnType<Opened['chunks']>;
  parallel: number;
  /** Of the plaintext, where the output begins. */
  from: number;
};

/** Each part goes to its place in the file, and is noted once it lies there. */
async function fill(
  { slices, plaintext, parallel, from }: Filling,
  output: RangedOutput,
  onBytes: OnBytes,
): Promise<void> {
  const isThere = isDone(output, from);
  const missing = slices.filter((slice) => !isThere(slice));
  const write = async (slice: Slice) => {
    const begin = slice.plaintext.from - from;
    const sum = crc64();
    let at = begin;
    for await (const piece of plaintext(slice)) {
      await output.write(at, piece);
      sum.update(piece);
      at += piece.length;
    }
    await output.hold({ from: begin, to: at, checksum: sum.value() });
    onBytes(at - begin);
  };
  await inParallel(missing.values(), parallel, write);
}

function isDone({ runs }: RangedOutput, from: number): (slice: Slice) => boolean {
  return ({ plaintext }) => runs.get(plaintext.from - from)?.to === plaintext.to - from;
}

function sizeOf(slices: Slice[]): number {
  return slices.reduce((sum, { plaintext }) => sum + plaintext.to - plaintext.from, 0);
}
