import { utf8 } from '../characters';
import { Fault } from '../fault';
import { getStream } from './objects';
import type { OssClient } from './oss-client';
import { type Bucket, ossStatus } from './oss-fault';
import { collect } from './pieces';

/** What is known of downloads, under their ids, as JSON beside the plaintexts; it goes when they go. */
export type DownloadStates = {
  /** Writes the first state of an id, or returns the one that is there. */
  claim(id: string, state: object): Promise<unknown>;
  write(id: string, state: object): Promise<void>;
  /** Undefined where there is none. */
  read(id: string): Promise<unknown>;
};

/** The bucket must not be versioned: there OSS overwrites whatever it is told. */
export function downloadStatesIn(bucket: Bucket): DownloadStates {
  return {
    claim: (id, state) =>
      bucket.call('note the download', async (client) => {
        try {
          await put(client, id, state, { 'x-oss-forbid-overwrite': 'true' });
          return undefined;
        } catch (error) {
          if (ossStatus(error) === 409) return read(client, id);
          throw error;
        }
      }),
    write: (id, state) =>
      bucket.call('note the download', async (client) => {
        await put(client, id, state, {});
      }),
    read: (id) => bucket.call('look for the download', (client) => read(client, id)),
  };
}

function put(client: OssClient, id: string, state: object, headers: Record<string, string>) {
  return client.put(nameOf(id), Buffer.from(JSON.stringify(state)), {
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-oss-server-side-encryption': 'AES256',
      ...headers,
    },
  });
}

async function read(client: OssClient, id: string): Promise<unknown> {
  try {
    const { stream } = await getStream(client, { key: nameOf(id) });
    return parse(utf8(await collect(stream)) ?? '');
  } catch (error) {
    if (ossStatus(error) === 404) return undefined;
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault('oss-unavailable', 'Cannot read the state of the download: it is not whole');
  }
}

function nameOf(id: string): string {
  return `state/${id}`;
}
