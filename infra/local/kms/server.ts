import { join } from 'node:path';
import { listen } from '../gateway/listener';
import { doWhatIsDue } from './keys/due';
import { type KmsSeed, plantSeed } from './keys/seed';
import { type ResponderOptions, responder } from './responder';
import type { KeyService } from './store/action';
import { createAliases } from './store/aliases';
import { createImportTokens } from './store/import-tokens';
import { createKeys } from './store/keys';
import { createSecrets } from './store/secrets';
import { answerUnreadable } from './wire/unreadable-request';

export type KmsOptions = ResponderOptions & {
  /** The cloud's data folder; keys and secrets are kept in `<data>/kms`. */
  data: string;
  accountId: string;
  region: string;
  port?: number;
  /** Keys and aliases that are made at the start where they are missing. */
  seed?: KmsSeed;
};

export type Kms = {
  port: number;
  endpoint: string;
  /** Does what is due by `now()`: deletion of keys, the end of imported material, automatic rotation. */
  tick(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Starts KMS (API version 2016-01-20, RPC style) on 127.0.0.1. Rejects with EADDRINUSE for a port in use and with a
 * sentence for a seed that cannot be used.
 */
export async function startKms(options: KmsOptions): Promise<Kms> {
  const kms = await createKeyService(options);
  await plantSeed(kms, options.seed ?? {});
  const respond = responder(options, kms);
  // A context of 8192 characters travels in the URL, percent-encoded.
  const { port, url, close } = await listen(respond, {
    port: options.port,
    maxHeaderSize: 128 * 1024,
    unreadable: answerUnreadable,
  });
  return { port, endpoint: url, tick: () => doWhatIsDue(kms), close };
}

async function createKeyService({ data, accountId, region, now }: KmsOptions): Promise<KeyService> {
  const keys = await createKeys(join(data, 'kms', 'keys'));
  const aliases = await createAliases(join(data, 'kms', 'aliases.json'));
  const importTokens = await createImportTokens(join(data, 'kms', 'import-tokens.json'), now);
  const secrets = await createSecrets(join(data, 'kms', 'secrets'));
  return { keys, aliases, importTokens, secrets, accountId, region, now };
}
