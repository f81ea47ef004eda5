import type { AsyncInvoke, Destination } from './function-spec';
import { at, checkKeys, isGiven, type Place, text, truth, wholeNumber, wrong } from './place';

export type Home = { accountId: string; region: string };

const KEYS = [
  'asyncTask',
  'destinationConfig',
  'maxAsyncEventAgeInSeconds',
  'maxAsyncRetryAttempts',
  'qualifier',
];

/** The `asyncInvokeConfig` of a function, with the API's defaults (docs: "PutAsyncInvokeConfigInput"). */
export function readAsyncInvoke(config: Place, home: Home): AsyncInvoke {
  if (!isGiven(config))
    return { isConfigured: false, maxRetryAttempts: 3, maxEventAge: 86_400, isTask: false };
  checkKeys(config, KEYS);
  const [retries, age] = [at(config, 'maxAsyncRetryAttempts'), at(config, 'maxAsyncEventAgeInSeconds')];
  const task = at(config, 'asyncTask');
  return {
    isConfigured: true,
    maxRetryAttempts: isGiven(retries) ? wholeNumber(retries, [0, 8]) : 3,
    // The component's schema says up to 2,592,000; the API it calls takes 604,800.
    maxEventAge: isGiven(age) ? wholeNumber(age, [1, 604_800]) : 86_400,
    isTask: isGiven(task) && truth(task),
    ...readDestinations(at(config, 'destinationConfig'), home),
  };
}

function readDestinations(config: Place, home: Home): Pick<AsyncInvoke, 'onFailure' | 'onSuccess'> {
  if (!isGiven(config)) return {};
  checkKeys(config, ['onFailure', 'onSuccess']);
  const [failure, success] = [at(config, 'onFailure'), at(config, 'onSuccess')];
  return {
    ...(isGiven(failure) && { onFailure: readDestination(failure, home) }),
    ...(isGiven(success) && { onSuccess: readDestination(success, home) }),
  };
}

function readDestination(place: Place, { region, accountId }: Home): Destination {
  checkKeys(place, ['destination']);
  const arn = at(place, 'destination');
  const [, queue] = /^acs:mns:[^:]+:[^:]+:\/queues\/([A-Za-z][\w-]*)\/messages$/.exec(text(arn)) ?? [];
  const [, name] = /^acs:fc:[^:]+:[^:]+:functions\/([\w-]+)$/.exec(text(arn)) ?? [];
  const found: Destination | undefined =
    queue !== undefined
      ? { type: 'queue', name: queue }
      : name !== undefined
        ? { type: 'function', name }
        : undefined;
  if (!found) throw wrong(arn, 'is no MNS queue and no function: the local cloud has no other destination');
  if (!text(arn).includes(`:${region}:${accountId}:`)) {
    throw wrong(arn, `is not of region ${region} and account ${accountId}`);
  }
  return found;
}
