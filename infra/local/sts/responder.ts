import type { CallerOptions } from '../gateway/caller';
import type { Hooks } from '../gateway/hooks';
import type { Answerer } from '../gateway/listener';
import { rpcResponder } from '../gateway/rpc/responder';
import { authentication } from './authentication';
import { ERRORS } from './errors';
import { findOperation } from './operations';

export type ResponderOptions = CallerOptions & { accountId: string; region: string; hooks?: Hooks };

/** Returns what answers a request: who signed it, and what the operation says. */
export function responder({ hooks = {}, accountId, ...options }: ResponderOptions): Answerer {
  return rpcResponder({
    name: 'sts',
    region: options.region,
    now: options.now,
    hooks,
    errors: ERRORS,
    // Docs, "Request syntax": XML unless JSON is asked for; the newer SDKs ask for it in a header.
    usualFormat: 'xml',
    root: (operation) => (operation === undefined ? 'Error' : `${operation}Response`),
    authenticate: authentication(options),
    admit: ({ operation, principal: arn, parameters }) => {
      const perform = findOperation(operation);
      return async () => perform({ accountId, arn, parameters });
    },
  });
}
