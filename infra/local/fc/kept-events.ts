import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OssEventRecord } from '../../declared/triggers';
import { savedIn, saveJson } from '../data/saved-json';
import { createActivity } from './invocation/activity';

export type KeptEvents = {
  /** Durable when the promise resolves. */
  keep(event: OssEventRecord): Promise<void>;
  /** Hands over everything kept, an event's file removed once `deliver` has resolved. */
  handOver(deliver: (event: OssEventRecord) => Promise<void>): Promise<void>;
};

/** Events raised while no function is deployed, a file each in `folder`. */
export function createKeptEvents(folder: string): KeptEvents {
  const activity = createActivity();

  function keep(event: OssEventRecord): Promise<void> {
    return activity.during(saveJson(join(folder, `${randomUUID()}.json`), event));
  }

  async function handOver(deliver: (event: OssEventRecord) => Promise<void>): Promise<void> {
    await activity.idle();
    for (const [file, event] of await savedIn<OssEventRecord>(folder)) {
      await deliver(event);
      await rm(join(folder, file), { force: true });
    }
  }

  return { keep, handOver };
}
