import { invalidParameter, KmsError } from '../wire/errors';
import type { Aliases } from './aliases';
import type { ImportTokens } from './import-tokens';
import type { Keys } from './keys';
import type { Secrets } from './secrets';

/** What the actions work on: the keys, aliases and secrets of one account in one region. */
export type KeyService = {
  keys: Keys;
  aliases: Aliases;
  importTokens: ImportTokens;
  secrets: Secrets;
  accountId: string;
  region: string;
  now: () => number;
};

export type Answer = Record<string, unknown>;
/** One API call: its own parameters (the common ones left out) -> the JSON answer without RequestId. */
export type Action = (kms: KeyService, parameters: Map<string, string>) => Promise<Answer>;

type Given<R extends string, O extends string> = Record<R, string> & Partial<Record<O, string>>;
type Specification<R extends string, O extends string> = {
  required: readonly R[];
  optional: readonly O[];
  run(kms: KeyService, parameters: Given<R, O>): Promise<Answer>;
};

/**
 * An action that first checks which parameters it is given: MissingParameter for one that is absent or empty,
 * InvalidParameter for one that is not its own (the real service may ignore those: stricter on purpose).
 */
export function action<R extends string, O extends string>(specification: Specification<R, O>): Action {
  const { required, optional, run } = specification;
  const known = new Set<string>([...required, ...optional]);
  return async (kms, parameters) => {
    for (const name of parameters.keys()) if (!known.has(name)) throw unknown(name);
    for (const parameter of required) {
      if (!parameters.get(parameter)) throw new KmsError('MissingParameter', { parameter });
    }
    return run(kms, Object.fromEntries(parameters) as Given<R, O>);
  };
}

// @alicloud/kms20160120 1.2.0 flattens a context given as an object; the context would silently not be bound.
function unknown(name: string): KmsError {
  if (/EncryptionContext\../.test(name)) {
    return invalidParameter(name, 'EncryptionContext is one JSON string, not one parameter for each entry.');
  }
  return invalidParameter(name, 'This action has no such parameter.');
}
