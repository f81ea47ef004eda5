import { fields, oneField, time, wholeNumber } from '../../declared/shape';
import { fault } from '../faults/fault';

/** The body of POST /clock: milliseconds, or a time (read as ms). */
export const clockMove = oneField({
  advanceMs: wholeNumber(Number.MIN_SAFE_INTEGER),
  set: time,
});

/** The body of POST /faults. */
export const newFault = fault;

/** A body that says nothing: absent, or an empty object. */
export const nothing = fields({});
