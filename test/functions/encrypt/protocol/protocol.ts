import type { Protocol } from './model';

/** The protocol of functions/encrypt/PROTOCOL.md. */
export const PROTOCOL: Protocol = {
  looksFirst: true,
  reads: 'current',
  stamps: 'before the read',
  comparesChecksums: true,
  looksAgain: true,
  removesOlder: 'before own',
  settlesOn: ['gone', 'not current', 'overtaken', 'older again', 'newer again'],
  settlesUntilItIs: true,
  orders: 'stamp',
  forgets: 'oldest first',
  believes: 'what can be',
  rewrapChecks: true,
  rewrapLooksBack: true,
};

/** The same, but it does not settle where it finds `finding`. */
export function notSettlingOn(finding: Protocol['settlesOn'][number]): Protocol {
  return { ...PROTOCOL, settlesOn: PROTOCOL.settlesOn.filter((other) => other !== finding) };
}
