import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';

const folder = 'inventory/';

/** Under which name a bucket keeps the inventory of that id. */
export function inventoryName(id: string): string {
  return `${folder}${id}`;
}

/** The id that a request names. Throws InvalidArgument. */
export function inventoryId({ query }: OssRequest): string {
  const id = query.get('inventoryId') ?? '';
  if (/^[A-Za-z0-9._-]{1,64}$/.test(id)) return id;
  throw new OssError('InvalidArgument', {
    message: 'The inventoryId is invalid.',
    extra: { ArgumentName: 'inventoryId', ArgumentValue: id },
  });
}

/** The documents of all inventories by id, in order. */
export function inventories(settings: ReadonlyMap<string, string>): [id: string, document: string][] {
  return [...settings]
    .filter(([name]) => name.startsWith(folder))
    .map(([name, document]): [string, string] => [name.slice(folder.length), document])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
