import { type Listener, listen } from '../gateway/listener';
import { type ResponderOptions, responder } from './responder';

export type StsOptions = ResponderOptions & { port?: number };

export type Sts = { endpoint: string; close(): Promise<void> };

/** Starts STS (API version 2015-04-01, RPC style) on 127.0.0.1. Rejects with EADDRINUSE. */
export async function startSts({ port = 0, ...options }: StsOptions): Promise<Sts> {
  const { url, close }: Listener = await listen(responder(options), { port });
  return { endpoint: url, close };
}
