import type { Range } from '../../../functions/envelope/layout';
import type { FormatInput, FormatName } from '../format';
import type { Algorithm } from './algorithms';

/** A wrapped data key. `key`: the bytes of what the writer called its master key, an ARN as a rule. `blob`: base64. */
export type WrappedDataKey = { key: Buffer; blob: string };

/** An entry of the encryption context, as UTF-8. */
export type ContextEntry = { key: Buffer; value: Buffer };

/** What a message says, in either layout: all of it but the ciphertext. */
export type Message = {
  algorithm: Algorithm;
  dataKeys: WrappedDataKey[];
  context: ContextEntry[];
  headerIv: Buffer;
  headerTag: Buffer;
  iv: Buffer;
  /** Where it lies in the input. */
  ciphertext: Range;
  /** Of the body; empty where the algorithm has none. */
  tag: Buffer;
};

/** A way to write a message down. */
export type Layout = {
  name: Extract<FormatName, `encryption-sdk${string}`>;
  /** Of its first bytes, as hexadecimal. */
  begin: RegExp;
  /** Throws `format-wrong`, `input-truncated`. */
  read(input: FormatInput): Promise<Message>;
};
