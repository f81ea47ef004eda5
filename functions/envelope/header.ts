import { cannotOpen, Fault } from '../fault';
import { HEADER_BLOCK, HEADER_MAX, PLAINTEXT_MAX, type Plaintext } from './layout';
import { array, integer, moment, object, strictJson, text } from './strict-json';

/** What an envelope says of itself; bound into the keys of its body. */
export type Facts = {
  algorithm: 'cobblestone-256';
  /** Where the envelope belongs. */
  vault: { bucket: string; key: string };
  /** What it was made from; `lastModified` has whole seconds. */
  inbox: { bucket: string; key: string; eTag: string; versionId: string; size: number; lastModified: string };
  /** Just before the writer found the source current, in milliseconds. */
  sealedAt: string;
};

/** A data key as KMS returned it, encrypted under a key of KMS. */
export type WrappedKey = {
  provider: 'alibaba-kms';
  /** As in the ARN. */
  region: string;
  keyArn: string;
  keyVersionId: string;
  /** base64, as KMS wrote it. */
  ciphertextBlob: string;
};

export type Header = {
  /** Bytes; the body starts here. */
  length: number;
  facts: Facts;
  /** The facts' exact bytes: the context of the body. */
  factsBytes: Buffer;
  /** A sealed message. */
  metadata: Buffer;
  wrappedKeys: WrappedKey[];
};

/** What its body holds, by its facts. */
export function plaintextIn({ facts }: Pick<Header, 'facts'>): Plaintext {
  return { size: facts.inbox.size };
}

const MAGIC = 'oss-envelope/1 ';
/** Bytes of the preamble: magic, eight digits, line feed. */
export const PREAMBLE = 24;
const WRAPPED_KEYS_MAX = 4;
/** Room that a new header leaves, so that its keys can be wrapped anew without moving the body. */
const SPARE = 1024;

export function factsBytes(facts: Facts): Buffer {
  return Buffer.from(JSON.stringify(facts));
}

/**
 * The header's bytes: as few blocks as hold the lines and, below the limit, 1 KiB for another wrapped key.
 * Throws `too-large` above 64 KiB.
 */
export function writeHeader(facts: Buffer, metadata: Buffer, wrappedKeys: WrappedKey[]): Buffer {
  const lines = linesOf(facts, metadata, wrappedKeys);
  const needed = PREAMBLE + lines.length + SPARE;
  const length = Math.min(HEADER_MAX, Math.ceil(needed / HEADER_BLOCK) * HEADER_BLOCK);
  return framed(lines, length);
}

/**
 * The header with other wrapped keys, of the same length, with the same bytes of facts and metadata: so the body does not
 * move, and needs no other key (FORMAT.md, rules 2 and 6). Throws `too-large` where they do not fit.
 */
export function rewriteHeader(
  { length, factsBytes: facts, metadata }: Header,
  wrappedKeys: WrappedKey[],
): Buffer {
  return framed(linesOf(facts, metadata, wrappedKeys), length);
}

function linesOf(facts: Buffer, metadata: Buffer, wrappedKeys: WrappedKey[]): Buffer {
  const after = `\nmetadata ${metadata.toString('base64')}\nkeys ${JSON.stringify(wrappedKeys)}\n`;
  return Buffer.concat([Buffer.from('facts '), facts, Buffer.from(after)]);
}

function framed(lines: Buffer, length: number): Buffer {
  const used = PREAMBLE + lines.length;
  if (used > length) {
    throw new Fault('too-large', `Cannot write the header: ${used} bytes, the limit is ${length}`);
  }
  const header = Buffer.alloc(length, ' ');
  header.write('\n', length - 1);
  header.write(`${MAGIC}${String(length).padStart(8, '0')}\n`);
  lines.copy(header, PREAMBLE);
  return header;
}

/** The header's length in bytes, from the envelope's first 24. Throws `cannot-open`. */
export function headerLength(envelope: Buffer): number {
  const preamble = envelope.toString('latin1', 0, PREAMBLE);
  const digits = /^oss-envelope\/1 (\d{8})\n$/.exec(preamble)?.[1];
  const length = Number(digits);
  if (!digits || length === 0 || length > HEADER_MAX || length % HEADER_BLOCK !== 0)
    throw cannotOpen('preamble');
  return length;
}

/** Reads a header: `bytes` is the envelope's start, the whole header at least. Throws `cannot-open`. */
export function parseHeader(bytes: Buffer): Header {
  const length = headerLength(bytes);
  if (bytes.length < length) throw cannotOpen('header is cut off');
  const [facts, afterFacts] = line(bytes, PREAMBLE, length, 'facts ');
  const [metadata, afterMetadata] = line(bytes, afterFacts, length, 'metadata ');
  const [keys, afterKeys] = line(bytes, afterMetadata, length, 'keys ');
  checkPadding(bytes.subarray(afterKeys, length));
  return {
    length,
    facts: strictJson(facts, 'facts', readFacts),
    factsBytes: facts,
    metadata: readBase64(metadata.toString('latin1'), 'metadata'),
    wrappedKeys: strictJson(keys, 'keys', readWrappedKeys),
  };
}

function line(bytes: Buffer, start: number, end: number, name: string): [Buffer, number] {
  const feed = bytes.indexOf(0x0a, start);
  if (feed < 0 || feed >= end) throw cannotOpen(`line ${name}`);
  if (bytes.toString('latin1', start, start + name.length) !== name) throw cannotOpen(`line ${name}`);
  return [bytes.subarray(start + name.length, feed), feed + 1];
}

function checkPadding(padding: Buffer): void {
  const expected = padding.length === 0 ? '' : `${' '.repeat(padding.length - 1)}\n`;
  if (padding.toString('latin1') !== expected) throw cannotOpen('padding');
}

function readBase64(value: string, what: string): Buffer {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== value) throw cannotOpen(`base64 of ${what}`);
  return bytes;
}

const BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const TOKEN = /^[\x21-\x7e]+$/;
/** Of a key in KMS, with its region, account and id. A host is named after the region, so nothing else stands there. */
export const KEY_ARN = /^acs:kms:([a-z0-9-]{1,63}):(\d{1,20}):key\/([\w-]{1,128})$/;

/** The bucket that stands for none: the file or pipe that was sealed, and where an envelope belongs that is a file. */
export const LOCAL_FILE = 'local-file';
const FILE_TAG = /^(none|[0-9a-f]{64})$/;

function readFacts(json: unknown): Facts {
  const { algorithm, vault, inbox, sealedAt } = object(json);
  if (algorithm !== 'cobblestone-256') throw cannotOpen('algorithm');
  return {
    algorithm,
    vault: readPlace(object(vault)),
    inbox: readInbox(object(inbox)),
    sealedAt: moment(sealedAt),
  };
}

function readPlace(json: Record<string, unknown>) {
  return { bucket: text(json.bucket, 63, BUCKET), key: text(json.key, 1023) };
}

function readInbox(json: Record<string, unknown>): Facts['inbox'] {
  const isFile = json.bucket === LOCAL_FILE;
  return {
    ...readPlace(json),
    eTag: text(json.eTag, 128, isFile ? FILE_TAG : TOKEN),
    versionId: text(json.versionId, 128, isFile ? /^none$/ : TOKEN),
    size: integer(json.size, PLAINTEXT_MAX),
    lastModified: wholeSeconds(json.lastModified),
  };
}

function wholeSeconds(json: unknown): string {
  const value = moment(json);
  if (!value.endsWith('.000Z')) throw cannotOpen('a moment has fractions of a second');
  return value;
}

function readWrappedKeys(json: unknown): WrappedKey[] {
  const keys = array(json);
  if (keys.length < 1 || keys.length > WRAPPED_KEYS_MAX) throw cannotOpen('number of wrapped keys');
  return keys.map((key) => readWrappedKey(object(key)));
}

function readWrappedKey(json: Record<string, unknown>): WrappedKey {
  if (json.provider !== 'alibaba-kms') throw cannotOpen('provider of a wrapped key');
  const keyArn = text(json.keyArn, 512, KEY_ARN);
  const region = text(json.region, 64);
  if (KEY_ARN.exec(keyArn)?.[1] !== region) throw cannotOpen('region of a wrapped key');
  const ciphertextBlob = text(json.ciphertextBlob, 8192, TOKEN);
  readBase64(ciphertextBlob, 'a wrapped key');
  return {
    provider: 'alibaba-kms',
    region,
    keyArn,
    keyVersionId: text(json.keyVersionId, 128, TOKEN),
    ciphertextBlob,
  };
}
