import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Credentials } from '../../functions/context';
import { holderOf } from '../../infra/local/data/lock';
import { saveJson } from '../../infra/local/data/saved-json';
import { Failure } from '../terminal/failure';

/** Where a running local cloud is, and the keys of its account's owner. */
export type LocalCloud = {
  region: string;
  accountId: string;
  credentials: Credentials;
  ossEndpoint: string;
  kmsEndpoint: string;
  mnsEndpoint: string;
  stsEndpoint: string;
  fcEndpoint?: string;
  /** Of s.yaml, where it was not deployed with those of .env. */
  variables?: Record<string, string>;
};

const FILE = 'running.json';

/** The data folder where none is named. */
export const DATA = '.data';

/** Leaves word in the data folder, for `--local`: of the cloud that holds it now. It outlives that cloud. */
export async function announce(data: string, cloud: LocalCloud): Promise<void> {
  await saveJson(join(data, FILE), { ...cloud, holder: await holderOf(data) });
}

export async function isLocalCloudIn(data: string): Promise<boolean> {
  return (await holderOf(data).catch(() => undefined)) !== undefined;
}

/** Throws `no-local-cloud`. */
export async function findLocalCloud(data: string): Promise<LocalCloud> {
  const holder = await holderOf(data).catch(() => undefined);
  // What is there by default need not be.
  if (holder === undefined && data !== DATA && !existsSync(data))
    throw new Failure('config-missing', `Cannot find a local cloud: there is no folder ${data}`);
  if (holder === undefined)
    throw new Failure('no-local-cloud', `Cannot find a local cloud: none runs in ${data}`);
  const said: Partial<LocalCloud & { holder: string }> = await readFile(join(data, FILE), 'utf8')
    .then(JSON.parse)
    .catch(() => ({}));
  const { holder: by, ...cloud } = said;
  if (by === holder) return cloud as LocalCloud;
  throw new Failure(
    'no-local-cloud',
    `Cannot find a local cloud: the one in ${data} has not said where it listens`,
    { todo: 'wait until it is up' },
  );
}
