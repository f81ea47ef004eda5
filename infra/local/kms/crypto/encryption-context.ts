import { invalidParameter } from '../wire/errors';

const MAX_CHARACTERS = 8192;

/**
 * The bytes that authenticate an encryption context: every name and value with its length before it, sorted, so
 * that two contexts have equal bytes only if they are equal maps. `json` is the parameter `EncryptionContext`, a
 * JSON object of strings; none, an empty text (which oss2 sends where it has no passphrase) and `{}` are the same. Throws
 * InvalidParameter.
 */
export function contextBytes(json: string | undefined): Buffer {
  const entries = json ? parse(json) : [];
  return Buffer.concat(
    [...entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, value]) => [lengthPrefixed(name), lengthPrefixed(value)]),
  );
}

function parse(json: string): [string, string][] {
  const entries = json.length <= MAX_CHARACTERS ? entriesOf(json) : undefined;
  if (!entries) {
    throw invalidParameter('EncryptionContext', 'It is a JSON object of strings, at most 8192 characters.');
  }
  return entries;
}

function entriesOf(json: string): [string, string][] | undefined {
  const value = parsed(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries: [string, unknown][] = Object.entries(value);
  return entries.every(isPairOfTexts) ? entries : undefined;
}

// A lone surrogate has no UTF-8 form: two different ones would become the same bytes.
function isPairOfTexts(entry: [string, unknown]): entry is [string, string] {
  return entry.every((text) => typeof text === 'string' && !/\p{Surrogate}/u.test(text));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function lengthPrefixed(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
