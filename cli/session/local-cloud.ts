import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Credentials } from '../../functions/context';
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

/** Leaves word in the data folder, for `--local`. It outlives the cloud, whose lock tells whether it runs. */
export async function announce(data: string, cloud: LocalCloud): Promise<void> {
  await writeFile(join(data, FILE), JSON.stringify(cloud), { mode: 0o600 });
}

/** Throws `no-local-cloud`. */
export async function findLocalCloud(data: string): Promise<LocalCloud> {
  try {
    await access(join(data, 'lock'));
    return JSON.parse(await readFile(join(data, FILE), 'utf8')) as LocalCloud;
  } catch {
    // What is there by default need not be.
    const isMissing =
      data !== DATA &&
      !(await access(data).then(
        () => true,
        () => false,
      ));
    if (isMissing)
      throw new Failure('config-missing', `Cannot find a local cloud: there is no folder ${data}`);
    throw new Failure('no-local-cloud', `Cannot find a local cloud: none runs in ${data}`);
  }
}
