import type { CallerOptions } from '../gateway/caller';
import type { Hooks } from '../gateway/hooks';
import type { Answerer } from '../gateway/listener';
import { Refusal } from '../gateway/refusal';
import { type RpcCall, rpcResponder } from '../gateway/rpc/responder';
import { findAction } from './actions';
import { authentication } from './authentication';
import { checkAccess, type Guard } from './authorize';
import type { KeyService } from './store/action';
import { ERRORS, KmsError } from './wire/errors';
import { type Qps, throttle } from './wire/throttle';

export type ResponderOptions = CallerOptions &
  Guard & {
    hooks?: Hooks;
    /** Requests a second by action, above which the answer is Rejected.Throttling; no limits unless given. */
    qps?: Qps;
  };

/** Returns what answers a request: who signed it, may they, and what the action says. */
export function responder({ hooks = {}, ...options }: ResponderOptions, kms: KeyService): Answerer {
  const checkRate = throttle(options.qps ?? (() => undefined), kms.now);

  function admit({ operation, parameters, principal, request }: RpcCall) {
    if (!operation) throw new KmsError('MissingParameter', { parameter: 'Action' });
    const action = findAction(operation);
    checkRate(operation);
    const { socket, headers } = request;
    const origin = { sourceIp: socket.remoteAddress ?? '', userAgent: headers['user-agent'] ?? '' };
    checkAccess(kms, options, { operation, parameters, principal, ...origin });
    return () => action(kms, parameters).catch(internalFailure);
  }

  return rpcResponder({
    name: 'kms',
    region: kms.region,
    now: kms.now,
    hooks,
    errors: ERRORS,
    usualFormat: 'json',
    root: () => 'KMS',
    extra: ({ status }) => ({ HttpStatus: status }),
    authenticate: authentication(options),
    admit,
  });
}

function internalFailure(error: unknown): never {
  if (error instanceof Refusal) throw error;
  throw new KmsError('InternalFailure', { why: String(error) });
}
