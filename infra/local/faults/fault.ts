import { fields, oneField, oneOf, type Shape, text, wholeNumber } from '../../declared/shape';
import type { Call, InjectedError } from '../gateway/hooks';

/** Which requests or events are meant: all that fit every field given. A `*` stands for any text. */
export type Match = {
  /** `event`: the notifications that OSS sends to functions; their operation is `ObjectCreated:PutObject` and so on. */
  service?: Call['service'] | 'event';
  operation?: string;
  bucket?: string;
  key?: string;
  functionName?: string;
  /** An arn; for events a principal id. */
  principal?: string;
};

/** What is done to a request. */
export type Deed =
  | { error: InjectedError }
  /** The connection is lost. */
  | { dropAnswer: true }
  /** Bytes of the answer's body that still arrive. */
  | { cutBodyAt: number }
  /** Real milliseconds. */
  | { delayMs: number }
  /** The service's own answer to too many requests. */
  | { throttle: true }
  /** The instances of this function are killed, and the request goes on. */
  | { killFunction: string };

/** What is done to an event. */
export type EventDeed =
  | { drop: true }
  | { twice: true }
  /** A time of the cloud's clock, ms. */
  | { delayUntil: number }
  /** It changes places with the event that comes next. */
  | { afterNextEvent: true };

type Counted = {
  /** The first of the matching requests that is meant, default 1. */
  nth?: number;
  /** How many from there on, default 1. */
  times?: number;
};
export type RequestFault = Counted & {
  match: Match & { service?: Call['service'] };
  /** Before anything is applied, or after; default before, for dropAnswer after. */
  when?: 'before' | 'after';
  do: Deed;
};
export type EventFault = Counted & { match: Match & { service: 'event' }; do: EventDeed };
export type Fault = RequestFault | EventFault;

export function isEventFault<F extends Fault>(fault: F): fault is F & EventFault {
  return fault.match.service === 'event';
}

export function isRequestFault<F extends Fault>(fault: F): fault is F & RequestFault {
  return !isEventFault(fault);
}

const aText = text();
const counted = { nth: wholeNumber(1), times: wholeNumber(1) };
const match = { operation: aText, bucket: aText, key: aText, functionName: aText, principal: aText };
const yes = oneOf(true);
const longestDelay = 600_000;

const requestFault: Shape<RequestFault> = fields(
  {
    match: fields({}, { service: oneOf('oss', 'kms', 'fc', 'mns', 'sts'), ...match }),
    do: oneField({
      error: fields({ code: aText }, { status: wholeNumber(400, 599), message: aText }),
      dropAnswer: yes,
      cutBodyAt: wholeNumber(0),
      delayMs: wholeNumber(0, longestDelay),
      throttle: yes,
      killFunction: aText,
    }),
  },
  { ...counted, when: oneOf('before', 'after') },
);

const eventFault: Shape<EventFault> = fields(
  {
    match: fields({ service: oneOf('event') }, match),
    do: oneField({ drop: yes, twice: yes, delayUntil: wholeNumber(0), afterNextEvent: yes }),
  },
  counted,
);

/** A fault told in JSON. Throws an Error that names the field which is wrong or unknown. */
export const fault: Shape<Fault> = (value, path) => {
  const service = (value as { match?: { service?: unknown } } | null)?.match?.service;
  return service === 'event' ? eventFault(value, path) : requestFault(value, path);
};
