import { crc64 } from '../../../functions/cloud/crc64';
import { collect } from '../../../functions/cloud/objects';
import type { Stored, Vault } from '../../../functions/cloud/vault';
import { cut, planSlices, readRange, type Slice } from '../../../functions/decrypt/ranges';
import type { Header } from '../../../functions/envelope/envelope';
import type { Range } from '../../../functions/envelope/layout';
import { transfer } from '../../../functions/transfer/transfer';
import { lookAt, type Sealed } from '../../envelope/look-at';
import { type Opened, openSealed } from '../../envelope/open-sealed';
import { checkPlace } from '../../envelope/place';
import { vaultOf } from '../../envelope/vault-of';
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
  const vault = () => vaultOf(session, place.bucket);
  const stored = await session
    .retry(async () => (await vault()).find(place.key, versionId))
    .catch(refusedWithout('oss:GetObject', `acs:oss:*:*:${place.bucket}/${place.key}`));
  const sealed = sealedIn(vault, stored, showLocation(place));
  const looked = await session.retry(() => lookAt(sealed));
  const { facts } = looked.header;
  checkOwnPlace(looked.header, place);
  const range = readRange(text, facts.inbox.size);
  const slices = planSlices(range, facts.inbox.size, partBytes);
  const opened = await openSealed(session, sealed, looked, trustKey);
  const plaintext = (slice: Slice) => cut(slice, facts.inbox.size, opened.chunks(slice.chunks));
  return {
    versionId: stored.versionId,
    sealedAt: facts.sealedAt,
    bytes: range.to - range.from,
    content: { partBytes },
    done: (output) => sizeOf(slices.filter(isDone(output, range.from))),
    fill: (output, onBytes) =>
      fill({ session, slices, plaintext, parallel, from: range.from }, output, onBytes),
    async *stream(onBytes) {
      for (const slice of slices) {
        // As a whole: what is repeated must not come twice.
        const bytes = await session.retry(() => collect(plaintext(slice)));
        onBytes(bytes.length);
        yield bytes;
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

/** Each reading with credentials that are good then. */
function sealedIn(vault: () => Promise<Vault>, stored: Stored, name: string): Sealed {
  return {
    name,
    size: stored.size,
    async *read(range: Range) {
      yield* (await vault()).read(stored, range);
    },
  };
}

type Filling = {
  session: Session;
  slices: Slice[];
  plaintext: (slice: Slice) => ReturnType<Opened['chunks']>;
  parallel: number;
  /** Of the plaintext, where the output begins. */
  from: number;
};

/** Each part goes to its place in the file, and is noted once it lies there. */
async function fill(
  { session, slices, plaintext, parallel, from }: Filling,
  output: RangedOutput,
  onBytes: OnBytes,
): Promise<void> {
  const isThere = isDone(output, from);
  const missing = slices.filter((slice) => !isThere(slice));
  const part = async (number: number, content: AsyncIterable<Buffer>) => {
    const begin = (slices[number - 1]?.plaintext.from ?? 0) - from;
    const sum = crc64();
    let at = begin;
    for await (const piece of content) {
      await output.write(at, piece);
      sum.update(piece);
      at += piece.length;
    }
    await output.hold({ from: begin, to: at, checksum: sum.value() });
    onBytes(at - begin);
  };
  const parts = missing.map((slice) => ({
    number: slice.number,
    // A single small part is not collected first, as one call would want it.
    size: Number.POSITIVE_INFINITY,
    content: () => plaintext(slice),
  }));
  const nothing = async () => {};
  const target = {
    put: nothing,
    multipart: async () => ({ part, complete: nothing, abort: nothing }),
  };
  await transfer(parts, target, { retry: session.retry, parallel });
}

function isDone({ runs }: RangedOutput, from: number): (slice: Slice) => boolean {
  return ({ plaintext }) => runs.get(plaintext.from - from)?.to === plaintext.to - from;
}

function sizeOf(slices: Slice[]): number {
  return slices.reduce((sum, { plaintext }) => sum + plaintext.to - plaintext.from, 0);
}
