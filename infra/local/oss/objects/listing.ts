import { compareKeys } from '../store/versions';
import { OssError } from '../wire/errors';
import { inOrder } from './in-order';

/**
 * Which part of a list is wanted. `after` is the last key, or common prefix, that the client already has;
 * `afterId` (version id, upload id) the last of that key's entries, where a key has several.
 */
export type PageRequest = {
  prefix: string;
  delimiter: string;
  after: string;
  afterId?: string | undefined;
  /** Whether the entries of a key come in the order of their ids, so that `afterId` need be none of them. */
  idsAscend?: true;
  maxKeys: number;
};

export type Listed<Value> = { key: string; id: string; value: Value };

/** Entries and common prefixes count together against maxKeys; `next` is the last of them if there are more. */
export type Page<Value> = {
  entries: Listed<Value>[];
  commonPrefixes: string[];
  isTruncated: boolean;
  next: { key: string; id: string } | undefined;
};

type Slot<Value> = { key: string; id: string; value?: Value };

/** One page of what is listed under each key, keys in UTF-8 byte order, the entries of one key as they come. */
export function pageOf<Value>(
  lists: ReadonlyMap<string, readonly Value[]>,
  wanted: PageRequest,
  idOf: (value: Value) => string = () => '',
): Page<Value> {
  const slots: Slot<Value>[] = [];
  for (const key of keysFrom(lists, wanted)) {
    // One slot more than fits tells that the list is truncated.
    if (slots.length > wanted.maxKeys) break;
    const group = commonPrefix(key, wanted);
    if (group !== undefined) addGroup(slots, group, wanted);
    else slots.push(...rest(lists.get(key) ?? [], { key, wanted, idOf }));
  }
  return page(slots, wanted.maxKeys);
}

function keysFrom(
  lists: ReadonlyMap<string, unknown>,
  { prefix, after, afterId }: PageRequest,
): Iterable<string> {
  const wanted = (key: string) =>
    key.startsWith(prefix) && (compareKeys(key, after) > 0 || (afterId !== undefined && key === after));
  return inOrder([...lists.keys()].filter(wanted));
}

function commonPrefix(key: string, { prefix, delimiter }: PageRequest): string | undefined {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

function addGroup<Value>(slots: Slot<Value>[], group: string, { after }: PageRequest): void {
  if (group !== after && group !== slots.at(-1)?.key) slots.push({ key: group, id: '' });
}

type Place<Value> = { key: string; wanted: PageRequest; idOf: (value: Value) => string };

// An entry that went away while the client was paging hides nothing: the whole key is listed again.
function rest<Value>(values: readonly Value[], { key, wanted, idOf }: Place<Value>): Slot<Value>[] {
  const slots = values.map((value) => ({ key, id: idOf(value), value }));
  if (key !== wanted.after) return slots;
  const { afterId = '', idsAscend } = wanted;
  if (idsAscend) return slots.filter(({ id }) => id > afterId);
  return slots.slice(slots.findIndex(({ id }) => id === afterId) + 1);
}

function page<Value>(slots: Slot<Value>[], maxKeys: number): Page<Value> {
  const shown = slots.slice(0, maxKeys);
  const isTruncated = shown.length < slots.length;
  return {
    entries: shown.filter((slot): slot is Listed<Value> => 'value' in slot),
    commonPrefixes: shown.filter((slot) => !('value' in slot)).map(({ key }) => key),
    isTruncated,
    next: isTruncated ? shown.at(-1) : undefined,
  };
}

type PageSize = { byDefault?: number; ec?: string };

/** Reads max-keys and its like: 1 to 1000. Throws InvalidArgument. */
export function pageSize(
  text: string | undefined,
  name: string,
  { byDefault = 100, ec }: PageSize = {},
): number {
  if (text === undefined) return byDefault;
  const size = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= 1000) return size;
  throw new OssError('InvalidArgument', {
    message: `${name} must be an integer between 1 and 1000.`,
    ...(ec === undefined ? {} : { ec }),
    extra: { ArgumentName: name, ArgumentValue: text },
  });
}

/** Reads prefix, marker and their like: keys are not longer than 1023 bytes. Throws InvalidArgument. */
export function nameParameter(query: ReadonlyMap<string, string>, name: string): string {
  const text = query.get(name) ?? '';
  if (Buffer.byteLength(text) <= 1023) return text;
  throw new OssError('InvalidArgument', {
    message: `The ${name} is longer than 1023 bytes.`,
    extra: { ArgumentName: name },
  });
}
