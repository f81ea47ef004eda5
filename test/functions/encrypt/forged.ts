import type { Facts, WrappedKey } from '../../../functions/envelope/envelope';
import { factsBytes, writeHeader } from '../../../functions/envelope/header';
import { messageSize } from '../../../functions/envelope/layout';
import { VAULT } from '../../../infra/run/deployment';
import type { Bench } from '../../deployment';
import { factsOf, wrappedKey } from '../envelope/specimen';

/** What a forged envelope says; `bytes`: how many follow its header, as many as its facts say by default. */
export type Forgery = { sealedAt?: string; keyArn?: string; bytes?: number };

/** What whoever may only write to the vault can make for a key of it, without any key of KMS. */
export function forgedEnvelope(key: string, { sealedAt, keyArn, bytes }: Forgery): Buffer {
  const facts = { ...factsOf(3, key), vault: { bucket: VAULT, key } };
  const said: Facts = { ...facts, sealedAt: sealedAt ?? facts.sealedAt };
  const wrapped: WrappedKey = { ...wrappedKey, keyArn: keyArn ?? wrappedKey.keyArn };
  const header = writeHeader(factsBytes(said), Buffer.alloc(100), [wrapped]);
  return Buffer.concat([header, Buffer.alloc(bytes ?? messageSize({ size: 3 }))]);
}

/** The same, by default of now and under the key of the deployment. */
export function forged({ cloud, stack }: Bench, key: string, forgery: Forgery = {}): Buffer {
  const sealedAt = new Date(cloud.clock.now()).toISOString();
  return forgedEnvelope(key, { sealedAt, keyArn: stack.outputs.KeyArns ?? '', ...forgery });
}

/** Puts a forged envelope on top of what the vault has under a key. */
export async function plant(bench: Bench, key: string, forgery?: Forgery): Promise<void> {
  await bench.vault.put(key, forged(bench, key, forgery), {});
}
