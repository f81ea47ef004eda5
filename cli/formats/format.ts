import type { Input } from '../files/input';

/** Values of --format: what others wrote. */
export const FORMATS = [
  'kms-sample',
  'envelope-cbc',
  'envelope-gcm',
  'encryption-sdk',
  'encryption-sdk-stream',
  'oss-cse',
  'aes-siv',
  'kms',
] as const;

export type FormatName = (typeof FORMATS)[number];

/** How sure: `certain`, only this format begins so; `likely`, everything that was looked at fits; `possible`, nothing speaks against it. */
type Sureness = 'certain' | 'likely' | 'possible';

/** `why`: what was seen, for a person. `facts`: what the file says of itself. */
export type Recognition = { sureness: Sureness; why: string; facts: Record<string, string | number> };

/** A file, or an object with its user metadata (`x-oss-meta-*`, without the prefix, lower-case). */
export type FormatInput = Input & { userMetadata?: Map<string, string> };

/** What a format needs of KMS (`formatToolsOf`). `context`: the JSON text as it was given when encrypting, byte for byte. */
export type FormatTools = {
  /** Returns the plaintext as bytes: decoded where it is base64, as data keys are, else as it stands. */
  decrypt(ciphertextBlob: string, context?: string): Promise<Buffer>;
  /** Ctrl-C, for what reads for long before it yields anything. */
  interrupted?: AbortSignal;
  /** For formats that do not hold it: the wrapped data key, as KMS returned it. */
  wrappedKey?: string | undefined;
  /** Gets the names of what was passed over, as the format's own readers do: a byte order mark, blank lines. */
  skipped?: Set<string>;
};

/**
 * A way in which others encrypted. `open` yields nothing that has not verified, unless the format has nothing to verify
 * by (`isAuthenticated` false: then only whoever accepts that may call it).
 */
export type Format = {
  name: FormatName;
  /** For help and inspect: who writes it. */
  title: string;
  /** Whether this very input has integrity: some formats have algorithms with and without. */
  isAuthenticated(input: FormatInput): Promise<boolean>;
  /** Undefined where it is certainly not this format. Reads a few KiB at most. */
  recognise(input: FormatInput): Promise<Recognition | undefined>;
  /** Bytes that `open` will yield, where they can be told without opening; where `open` would throw, any. */
  plaintextSize?(input: FormatInput): Promise<number | undefined>;
  /** Throws `format-wrong` where the input is not of this format, `input-truncated`, `cannot-open` (mute) where it does not verify. */
  open(input: FormatInput, tools: FormatTools): AsyncGenerator<Buffer>;
};
