import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, saveJson } from '../ram/saved-json';
import { openActivity } from './activity';
import type { OssEventRecord } from './triggers';

export type KeptEvents = {
  /** Durable when the promise resolves. */
  keep(event: OssEventRecord): Promise<void>;
  /** Hands over everything kept, an event's file removed once `deliver` has resolved. */
  handOver(deliver: (event: OssEventRecord) => Promise<void>): Promise<void>;
};

/** Events raised while no function is deployed, a file each in `folder`. */
export function openKeptEvents(folder: string): KeptEvents {
  const activity = openActivity();

  function keep(event: OssEventRecord): Promise<void> {
    return activity.during(saveJson(join(folder, `${randomUUID()}.json`), event));
  }

  async function handOver(deliver: (event: OssEventRecord) => Promise<void>): Promise<void> {
    await activity.idle();
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.json'))) {
      const event = await readJson<OssEventRecord>(join(folder, file));
      if (event) await deliver(event);
      await rm(join(folder, file), { force: true });
    }
  }

  return { keep, handOver };
}
