import type { Retry, Service } from '../functions/cloud/calls';
import type { OssClient } from '../functions/cloud/oss-client';
import { type Bucket, bucketOf } from '../functions/cloud/oss-fault';

/** Of ports whose calls are made one time. */
export const callOnce: Retry = (action) => action();

/** For ports over one client, whose calls are made one time. */
export function service<Client>(client: Client): Service<Client> {
  return { client: async () => client, retry: callOnce };
}

export function bucketBy(name: string, client: OssClient): Bucket {
  return bucketOf(name, service(client));
}
