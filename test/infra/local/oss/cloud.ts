import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hooks } from '../../../../infra/local/gateway/hooks';
import { type Oss, type OssOptions, startOss } from '../../../../infra/local/oss/server';
import type { OssEvent } from '../../../../infra/local/oss/store/event';
import type { AccessKeys, Credentials } from '../../../../infra/local/ram/credentials';
import { type Client, createClient } from './client';

export const accountId = '1649015465570000';
export const root: Credentials = {
  accessKeyId: 'LTAI0123456789abcdefghij',
  accessKeySecret: 'a-secret-that-opens-nothing-00',
  arn: `acs:ram::${accountId}:root`,
};

/** A server of its own with one bucket, `inbox`, and a clock that can be turned. */
export type Cloud = {
  oss: Oss;
  data: string;
  /** Milliseconds that the server's clock is ahead of the client's. */
  clock: { ahead: number };
  hooks: Hooks;
  events: OssEvent[];
  temporary: Map<string, Credentials>;
  client: Client;
  restart(): Promise<void>;
  close(): Promise<void>;
};

/** Starts a server in a fresh folder. */
export async function startCloud(options: Partial<OssOptions> = {}): Promise<Cloud> {
  const data = await mkdtemp(join(tmpdir(), 'oss-'));
  const temporary = new Map<string, Credentials>();
  const cloud = { data, temporary, clock: { ahead: 0 }, hooks: {}, events: [] as OssEvent[] };
  const start = () =>
    startOss({
      data,
      accountId,
      region: 'cn-hangzhou',
      hooks: cloud.hooks,
      accessKeys: accessKeys(temporary),
      now: () => Date.now() + cloud.clock.ahead,
      onEvent: (event) => void cloud.events.push(event),
      ...options,
    });
  const oss = await start();
  const client = createClient({ endpoint: oss.endpoint, bucket: 'inbox', credentials: root });
  await client.putBucket('inbox');

  const started: Cloud = { ...cloud, oss, client, restart, close };
  async function restart(): Promise<void> {
    await started.oss.close();
    started.oss = await start();
    started.client = createClient({ endpoint: started.oss.endpoint, bucket: 'inbox', credentials: root });
  }
  async function close(): Promise<void> {
    await started.oss.close();
    await rm(data, { recursive: true });
  }
  return started;
}

function accessKeys(temporary: Map<string, Credentials>): AccessKeys {
  const assumeRole = (): Credentials => {
    throw new Error('No roles here');
  };
  return { root, assumeRole, find: (id) => (id === root.accessKeyId ? root : temporary.get(id)) };
}
