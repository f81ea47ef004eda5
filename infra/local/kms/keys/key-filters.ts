import type { Key } from '../store/key';
import { invalidParameter } from '../wire/errors';
import { json } from '../wire/typed-parameters';

const PROPERTIES: Record<string, (key: Key) => string> = {
  CreatorType: () => 'User',
  DKMSInstanceId: ({ instanceId = '' }) => instanceId,
  KeySpec: ({ spec = 'Aliyun_AES_256' }) => spec,
  KeyState: ({ state }) => state,
  KeyUsage: ({ usage = 'ENCRYPT/DECRYPT' }) => usage,
  ProtectionLevel: ({ protectionLevel }) => protectionLevel,
};

/**
 * The parameter `Filters` of ListKeys: up to 10 of {Key, Values}. One of the values of every Key must fit; a Key
 * named twice has the values of both. Throws InvalidParameter.
 */
export function keyFilter(text: string): (key: Key) => boolean {
  const filters = json('Filters', text);
  if (!Array.isArray(filters) || filters.length > 10 || !filters.every(isFilter)) {
    throw invalidParameter('Filters');
  }
  const wanted = new Map<string, string[]>();
  for (const { Key, Values } of filters) wanted.set(Key, [...(wanted.get(Key) ?? []), ...Values]);
  return (key) => [...wanted].every(([name, values]) => values.includes(PROPERTIES[name]?.(key) ?? ''));
}

function isFilter(value: unknown): value is { Key: string; Values: string[] } {
  if (typeof value !== 'object' || value === null) return false;
  const { Key, Values } = value as Record<string, unknown>;
  const isList =
    Array.isArray(Values) && Values.length <= 10 && Values.every((one) => typeof one === 'string');
  return typeof Key === 'string' && Object.hasOwn(PROPERTIES, Key) && isList;
}
