import { type Protocol, type Scenario, YEAR_9999 } from './model';
import { notSettlingOn, PROTOCOL } from './protocol';

const TWO: Scenario = { seconds: [0, 0], runs: [1, 1], crashes: 0 };
const EQUAL: Scenario = { seconds: [0, 0], contents: [0, 0], runs: [2, 1], crashes: 1 };

type LeftOut = { check: string; scenario: Scenario; protocol: Protocol; violation: string; trace: string };

/** What each check keeps away: leave it out, or do as said after the colon, and this is the shortest way to the harm. */
export const LEFT_OUT: LeftOut[] = [
  {
    check: 'the first look: own version found by the read alone',
    scenario: { ...EQUAL, crashes: 0 },
    protocol: { ...PROTOCOL, looksFirst: false, stamps: 'at first' },
    violation: 'envelope 1 hides 2',
    trace: `
      upload 1; 1a stamps; 1b stamps; 1b reads 1; upload 2; 1a reads 2; 1a stores; 1b stores; 1b looks
      again: 1, 2; 1b settles: nothing to do; 1b removes 1; 1a looks again: 2; 1a removes 2; 2 stamps; 2
      reads: not current; 2 settles: nothing to do`,
  },
  {
    check: 'sealedAt before the read: after it',
    scenario: TWO,
    protocol: { ...PROTOCOL, stamps: 'after the read' },
    violation: 'envelope 1 hides 2',
    trace: `
      upload 1; 1 looks: 1; 1 reads 1; upload 2; 2 looks: 1, 2; 2 reads 2; 2 stamps; 1 stamps; 2 stores; 1
      stores; 1 looks again: 1, 2; 1 settles: nothing to do; 1 removes 1; 2 looks again: 2; 2 removes 2`,
  },
  {
    check: 'sealedAt after the first look: before it',
    scenario: { ...EQUAL, crashes: 0 },
    protocol: { ...PROTOCOL, stamps: 'at first' },
    violation: 'envelope 1 hides 2',
    trace: `
      upload 1; 1a stamps; 1b stamps; 1b looks: 1; 1b reads 1; upload 2; 1a looks: 1, 2; 1a reads 2; 1a
      stores; 1b stores; 1b looks again: 1, 2; 1b settles: nothing to do; 1b removes 1; 1a looks again: 2;
      1a removes 2; 2 stamps; 2 looks: own gone; 2 settles: nothing to do`,
  },
  {
    check: 'the read of what is current: by version id',
    scenario: TWO,
    protocol: { ...PROTOCOL, reads: 'version' },
    violation: 'envelope 1 hides 2',
    trace: `
      upload 1; upload 2; 1 looks: 1, 2; 2 looks: 1, 2; 2 stamps; 1 stamps; 1 reads 1; 2 reads 2; 2
      stores; 1 stores; 1 looks again: 1, 2; 1 settles: nothing to do; 1 removes 1; 2 looks again: 2; 2
      removes 2`,
  },
  {
    check: 'the version id of the read: If-Match alone',
    scenario: { ...EQUAL, crashes: 0 },
    protocol: { ...PROTOCOL, reads: 'content' },
    violation: 'envelope 1 hides 2',
    trace: `
      upload 1; 1a looks: 1; upload 2; 1b looks: 1, 2; 1b stamps; 1a stamps; 1a reads 1; 1b reads 2; 1b
      stores; 1a stores; 1a looks again: 1, 2; 1a settles: nothing to do; 1a removes 1; 1b looks again: 2;
      1b removes 2; 2 looks: own gone; 2 settles: nothing to do`,
  },
  {
    check: 'the checksum',
    scenario: { ...TWO, corrupt: true },
    protocol: { ...PROTOCOL, comparesChecksums: false },
    violation: 'upload 1 is gone before it or a newer one is sealed',
    trace: `
      upload 1; 1 looks: 1; 1 stamps; 1 reads 1; 1 stores other bytes; 1 looks again: 1; 1 removes 1`,
  },
  {
    check: 'the second look',
    scenario: TWO,
    protocol: { ...PROTOCOL, looksAgain: false },
    violation: 'envelope 1 hides 2',
    trace: `
      upload 1; 1 looks: 1; 1 stamps; 1 reads 1; upload 2; 2 looks: 1, 2; 2 stamps; 2 reads 2; 2 stores; 1
      stores; 1 removes 1; 2 removes 1; 2 removes 2`,
  },
  {
    check: 'settling where own was gone at first',
    scenario: { ...TWO, crashes: 1 },
    protocol: notSettlingOn('gone'),
    violation: 'envelope 1 hides 2',
    trace: `
      upload 1; 1 looks: 1; 1 stamps; 1 reads 1; upload 2; 2 looks: 1, 2; 2 stamps; 2 reads 2; 2 stores; 2
      looks again: 1, 2; 2 removes 1; 2 settles: nothing to do; 1 stores; 1 crashes; 1 looks: own gone; 2
      removes 2`,
  },
  {
    check: 'settling where another version was current',
    scenario: EQUAL,
    protocol: notSettlingOn('not current'),
    violation: 'envelope 1 hides 2',
    trace: `
      upload 1; 1a looks: 1; 1a stamps; 1a reads 1; upload 2; 1b looks: 1, 2; 1b stamps; 1b reads 2; 1b
      stores; 1b looks again: 1, 2; 1b removes 1; 1b settles: nothing to do; 1a stores; 1a crashes; 1a
      looks: 2; 1a stamps; 2 looks: 2; 1b removes 2; 1a reads: not current; 2 stamps; 2 reads: not current`,
  },
  {
    check: 'settling where own was gone at the second look',
    scenario: TWO,
    protocol: notSettlingOn('overtaken'),
    violation: 'envelope 1 hides 2',
    trace: `
      upload 1; 1 looks: 1; 1 stamps; 1 reads 1; upload 2; 2 looks: 1, 2; 2 stamps; 2 reads 2; 2 stores; 2
      looks again: 1, 2; 2 removes 1; 2 settles: nothing to do; 1 stores; 1 looks again: own gone; 2
      removes 2`,
  },
  {
    check: 'settling where a newer version was seen',
    scenario: TWO,
    protocol: notSettlingOn('newer again'),
    violation: 'envelope 1 hides 2',
    trace: `
      upload 1; 1 looks: 1; 1 stamps; 1 reads 1; upload 2; 2 looks: 1, 2; 2 stamps; 2 reads 2; 2 stores; 1
      stores; 1 looks again: 1, 2; 1 removes 1; 2 looks again: 2; 2 removes 2`,
  },
  {
    check: 'settling where a newer version was seen: where older ones were, at either look',
    scenario: { ...TWO, crashes: 1, withdraws: true },
    protocol: {
      ...PROTOCOL,
      settlesOn: ['gone', 'not current', 'overtaken', 'older at first', 'older again'],
    },
    violation: 'envelope 1 hides 2',
    trace: `
      upload 1; 1 looks: 1; 1 stamps; 1 reads 1; upload 2; 2 looks: 1, 2; 2 stamps; 2 reads 2; the owner
      deletes the key; 2 stores; 2 crashes; 2 looks: 1, 2; 2 stamps; 2 reads: not current; 2 settles:
      nothing to do; 1 stores; 1 looks again: 1, 2; 1 removes 1`,
  },
  {
    check: 'settling until it is',
    scenario: { ...TWO, runs: [2, 1], crashes: 1 },
    protocol: { ...PROTOCOL, settlesUntilItIs: false },
    violation: 'envelope 1 hides 2',
    trace: `
      upload 1; 1a looks: 1; 1a stamps; 1a reads 1; 1b looks: 1; 1b stamps; 1b reads 1; 1b stores; 1a
      stores; 1a looks again: 1; upload 2; 1a removes 1; 1b crashes; 1b looks: own gone; 1b settles: 1 is
      newest; 2 looks: 2; 2 stamps; 2 reads 2; 2 stores; 1b copies 1 on top; 2 looks again: 2; 2 removes 2`,
  },
  {
    check: 'older versions first: after the own one',
    scenario: TWO,
    protocol: { ...PROTOCOL, removesOlder: 'after own' },
    violation: 'envelope 1 hides 2',
    trace: `
      upload 1; upload 2; 1 looks: 1, 2; 1 stamps; 2 looks: 1, 2; 2 stamps; 2 reads 2; 2 stores; 2 looks
      again: 1, 2; 2 settles: nothing to do; 2 removes 2; 1 reads 1; 1 stores; 1 looks again: 1; 1 removes
      1; 2 removes 1`,
  },
  {
    check: 'removing older versions',
    scenario: TWO,
    protocol: { ...PROTOCOL, removesOlder: 'never' },
    violation: 'the inbox keeps versions (1)',
    trace: `
      upload 1; upload 2; 1 looks: 1, 2; 1 stamps; 1 reads: not current; 1 settles: nothing to do; 2
      looks: 1, 2; 2 stamps; 2 reads 2; 2 stores; 2 looks again: 1, 2; 2 settles: nothing to do; 2 removes
      2`,
  },
  {
    check: 'what its owner has deleted goes the oldest first: the newest first',
    scenario: { ...TWO, withdraws: true, forgets: true },
    protocol: { ...PROTOCOL, forgets: 'newest first' },
    violation: 'envelope 1 hides 2',
    trace: `
      upload 1; 1 looks: 1; 1 stamps; 1 reads 1; upload 2; 2 looks: 1, 2; 2 stamps; 2 reads 2; the owner
      deletes the key; the sweep removes 2; 2 stores; 2 looks again: own gone; 2 settles: nothing to do; 1
      stores; 1 looks again: 1; 1 removes 1`,
  },
  {
    check: 'the order by sealedAt: by Last-Modified',
    scenario: TWO,
    protocol: { ...PROTOCOL, orders: 'second' },
    violation: 'envelope 1 hides 2',
    trace: `
      upload 1; 1 looks: 1; 1 stamps; 1 reads 1; upload 2; 2 looks: 1, 2; 2 stamps; 2 reads 2; 2 stores; 1
      stores; 1 looks again: 1, 2; 1 settles: nothing to do; 1 removes 1; 2 looks again: 2; 2 removes 2`,
  },
  {
    check: 'the order of what can be: of everything',
    scenario: { ...TWO, plants: YEAR_9999 },
    protocol: { ...PROTOCOL, believes: 'everything' },
    violation: 'a forged envelope hides 2, sealed after it',
    trace: `
      upload 1; upload 2; somebody plants one of the year 9999; 2 looks: 1, 2; 2 stamps; 2 reads 2; 2
      stores; 2 looks again: 1, 2; 2 removes 1; 1 looks: own gone; 1 settles: the planted one is newest; 1
      copies the planted one on top; 1 settles: nothing to do; 2 settles: nothing to do; 2 removes 2`,
  },
];
