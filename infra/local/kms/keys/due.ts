import type { KeyService } from '../store/action';
import type { Key } from '../store/key';
import { withoutMaterial } from './key-material';
import { nextRotation, rotated } from './rotation';

/** Does what is due by now: scheduled deletion of keys and secrets, the end of imported material, automatic rotation. */
export async function doWhatIsDue({ keys, aliases, secrets, now }: KeyService): Promise<void> {
  const time = now();
  for (const { id } of keys.list().filter((key) => dueChange(key, time) !== key)) {
    await keys.change(id, (key) => dueChange(key, time));
    if (!keys.get(id)) await aliases.removeOf(id);
  }
  for (const { name } of secrets.list().filter(({ deleteTime }) => isOver(deleteTime, time))) {
    await secrets.change(name, (secret) => (isOver(secret?.deleteTime, time) ? undefined : secret));
  }
}

/** The key as it is at that time: the same one when nothing is due, undefined when it is deleted. */
function dueChange(key: Key, time: number): Key | undefined {
  if (isOver(key.deleteDate, time)) return undefined;
  if (isOver(key.materialExpireTime, time)) return withoutMaterial(key);
  const rotation = nextRotation(key);
  const isRotated = key.state === 'Enabled' && rotation !== undefined && rotation <= time;
  return isRotated ? rotated(key, time) : key;
}

function isOver(date: string | undefined, time: number): boolean {
  return date !== undefined && Date.parse(date) <= time;
}
