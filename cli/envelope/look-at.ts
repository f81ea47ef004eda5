import { collect } from '../../functions/cloud/pieces';
import type { Stored, Vault } from '../../functions/cloud/vault';
import { type Header, parseHeader } from '../../functions/envelope/envelope';
import { headerLength, PREAMBLE, plaintextIn } from '../../functions/envelope/header';
import { envelopeSize, HEADER_MAX, MESSAGE_PREFIX } from '../../functions/envelope/layout';
import type { Input } from '../files/input';
import { Failure } from '../terminal/failure';

/** Bytes that can be read anywhere: an `Input`, or a version of an object. `name` is for sentences. */
export type Sealed = Pick<Input, 'size' | 'read'> & { name?: string };

/** What lies in a vault. */
export function sealedIn(vault: Vault, stored: Stored, name?: string): Sealed {
  return {
    size: stored.size,
    read: (range) => vault.read(stored, range),
    ...(name !== undefined && { name }),
  };
}

export type Looked = {
  header: Header;
  /** The start of the body, at least its first 56 bytes. */
  start: Buffer;
};

/** So many bytes hold the largest header, and what follows it. */
export const START = HEADER_MAX + MESSAGE_PREFIX;

/**
 * What can be known without a key. Throws `format-unknown` where it does not begin like an envelope, `input-truncated` where
 * its end is missing, `cannot-open`.
 */
export async function lookAt(sealed: Sealed): Promise<Looked> {
  return lookAtStart(await collect(sealed.read({ from: 0, to: Math.min(sealed.size, START) })), sealed);
}

/** The same from the first bytes, START of them or all. `size` is undefined where nobody knows it yet. */
export function lookAtStart(
  start: Buffer,
  { size, name = 'the envelope' }: { size: number | undefined; name?: string | undefined },
): Looked {
  checkPreamble(start, name);
  const header = parseHeader(start);
  const whole = envelopeSize(header.length, plaintextIn(header));
  const there = size ?? (start.length < START ? start.length : whole);
  if (there < whole) throw cutOff(name, `${there} of ${whole} bytes are there`);
  if (there > whole) {
    throw new Failure('cannot-open', `Cannot open ${name}: ${there - whole} bytes follow its end`, {
      detail: 'length of the envelope',
    });
  }
  return { header, start: start.subarray(header.length) };
}

const MAGIC = 'oss-envelope/';

/** Whether it begins like an envelope, of any version, as far as it goes. */
export function beginsLikeEnvelope(start: Buffer): boolean {
  const seen = start.toString('latin1', 0, MAGIC.length);
  return seen !== '' && MAGIC.startsWith(seen);
}

function checkPreamble(start: Buffer, name: string): void {
  if (!beginsLikeEnvelope(start)) {
    throw new Failure('format-unknown', `Cannot open ${name}: it does not begin like an envelope`);
  }
  if (start.length < PREAMBLE) throw cutOff(name, `${start.length} bytes are there`);
  const version = /^oss-envelope\/(\d+) /.exec(start.toString('latin1', 0, PREAMBLE))?.[1] ?? '1';
  if (version !== '1') {
    const why = `it is of version ${version} of the format, and this reads version 1`;
    throw new Failure('format-unknown', `Cannot open ${name}: ${why}`, { todo: 'use a newer oss-envelope' });
  }
  const header = headerLength(start);
  if (start.length < header)
    throw cutOff(name, `${start.length} bytes are there, of its header alone ${header}`);
}

function cutOff(name: string, how: string): Failure {
  return new Failure('input-truncated', `Cannot open ${name}: its end is missing, ${how}`);
}
