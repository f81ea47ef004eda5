import type { OssEvent } from '../../infra/local/oss/store/event';
import { DEAD_LETTERS } from '../../infra/run/deployment';
import type { World } from './world';

/** How many dead letters there are. */
export function deadLetters({ cloud }: World): number {
  return cloud.mns.peek(DEAD_LETTERS).length;
}

/** The events in the dead letters but for the first so many; those of the sweep tell of none. */
export function deadEvents({ cloud }: World, first: number): OssEvent[] {
  const letters = cloud.mns.peek(DEAD_LETTERS).slice(first);
  return letters.flatMap(({ body }) => {
    const { requestPayload } = JSON.parse(body) as { requestPayload: string };
    return (JSON.parse(requestPayload) as { events?: OssEvent[] }).events ?? [];
  });
}
