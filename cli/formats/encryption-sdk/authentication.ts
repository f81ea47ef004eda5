import { createCipheriv, timingSafeEqual } from 'node:crypto';
import type { ContextEntry, Message, WrappedDataKey } from './message';

const VERSION = 1;

/** The additional data of a body: nothing where there is no context; else the number of entries, then the entries by name. */
export function contextBytes(context: ContextEntry[]): Buffer {
  if (context.length === 0) return Buffer.alloc(0);
  const sorted = [...context].sort((a, b) => Buffer.compare(a.key, b.key));
  const fields = sorted.flatMap(({ key, value }) => [...field(key), ...field(value)]);
  return Buffer.concat([number(context.length), ...fields]);
}

/**
 * What the header's tag is of. Wrapped data keys stand in it by the bytes of their keys' names and as base64, whatever the
 * layout; of two under one name (which are counted) the first.
 */
function headerBytes({ algorithm, context, dataKeys }: Message): Buffer {
  const named = new Map<string, WrappedDataKey>();
  for (const dataKey of [...dataKeys].reverse()) named.set(dataKey.key.toString('latin1'), dataKey);
  const sorted = [...named.values()].sort((a, b) => Buffer.compare(a.key, b.key));
  return Buffer.concat([
    number(VERSION),
    number(algorithm.id),
    number(context.length),
    contextBytes(context),
    number(dataKeys.length),
    ...sorted.flatMap(({ key, blob }) => [...field(key), ...field(Buffer.from(blob))]),
  ]);
}

/** Whether the header is what the holder of the data key wrote. */
export function isHeaderAuthentic(
  message: Message,
  cipher: 'aes-128-gcm' | 'aes-256-gcm',
  dataKey: Buffer,
): boolean {
  const tag = createCipheriv(cipher, dataKey, message.headerIv);
  tag.setAAD(headerBytes(message)).final();
  return timingSafeEqual(tag.getAuthTag(), message.headerTag);
}

function field(bytes: Buffer): [Buffer, Buffer] {
  return [number(bytes.length), bytes];
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
