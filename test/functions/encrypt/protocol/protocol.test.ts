import { describe, expect, test } from 'vitest';
import { explore } from './explore';
import { NOW, type Scenario, YEAR_9999 } from './model';
import { notSettlingOn, PROTOCOL } from './protocol';

const HOLDS = { violation: undefined, trace: [] };

const SCENARIOS: Record<string, Scenario> = {
  'uploads=2 runs=2+2 crashes=2, within a second': { seconds: [0, 0], runs: [2, 2], crashes: 2 },
  'uploads=2 runs=2+1 crashes=2': { seconds: [0, 1], runs: [2, 1], crashes: 2 },
  'uploads=3 runs=1+1+1 crashes=2, within a second': { seconds: [0, 0, 0], runs: [1, 1, 1], crashes: 2 },
  'uploads=3 runs=1+1+1 crashes=1, two within a second': {
    seconds: [0, 1, 1],
    runs: [1, 1, 1],
    crashes: 1,
  },
  'uploads=2 runs=2+1 crashes=1, of one content within a second': {
    seconds: [0, 0],
    contents: [0, 0],
    runs: [2, 1],
    crashes: 1,
  },
  'uploads=3 runs=1+1+1 crashes=1, the content of the first comes back': {
    seconds: [0, 0, 0],
    contents: [0, 1, 0],
    runs: [1, 1, 1],
    crashes: 1,
  },
  'uploads=2 runs=2+1 crashes=1, the owner deletes the key': {
    seconds: [0, 0],
    runs: [2, 1],
    crashes: 1,
    withdraws: true,
  },
  'uploads=2 runs=2+1 crashes=1, the owner deletes the key and the sweep removes what he deleted': {
    seconds: [0, 0],
    runs: [2, 1],
    crashes: 1,
    withdraws: true,
    forgets: true,
  },
  'uploads=3 runs=1+1+1 crashes=0, the same': {
    seconds: [0, 0, 0],
    runs: [1, 1, 1],
    crashes: 0,
    withdraws: true,
    forgets: true,
  },
};

describe('every upload stays readable, and the newest ends on top of the vault', () => {
  test.each(Object.entries(SCENARIOS))('%s', (_, scenario) => {
    expect(explore(scenario, PROTOCOL)).toMatchObject(HOLDS);
  });

  test('so they do where nobody settles over older versions, as long as each crashed run comes back', () => {
    const scenario: Scenario = { seconds: [0, 0], runs: [2, 1], crashes: 1, withdraws: true };
    expect(explore(scenario, notSettlingOn('older again'))).toMatchObject(HOLDS);
  });
});

describe('a store that lands after its run has crashed', () => {
  const late: Scenario = { seconds: [0, 0], runs: [1, 1], crashes: 0, late: true };

  test('hides the newest envelope, and nobody mends it', () => {
    const { violation, trace } = explore(late, PROTOCOL);
    expect({ violation, last: trace.slice(-2) }).toEqual({
      violation: 'envelope 1 hides 2',
      last: ['1 lands in the vault', '2 removes 2'],
    });
  });

  test('harms nothing where its upload is the newest', () => {
    const scenario: Scenario = { seconds: [0], runs: [2], crashes: 1, late: true };
    expect(explore(scenario, PROTOCOL)).toMatchObject(HOLDS);
  });

  test('loses nothing, and one more settling mends it', () => {
    expect(explore({ ...late, crashes: 1, sweep: true }, PROTOCOL)).toMatchObject(HOLDS);
  });
});

describe('a store of other bytes than were sent', () => {
  test('is replaced when its event is delivered again', () => {
    const scenario: Scenario = { seconds: [0, 0], runs: [1, 1], crashes: 1, corrupt: true };
    expect(explore(scenario, PROTOCOL)).toMatchObject(HOLDS);
  });

  test('hides the whole envelope of a parallel run that has removed the upload', () => {
    const { violation } = explore({ seconds: [0], runs: [2], crashes: 0, corrupt: true }, PROTOCOL);
    expect(violation).toBe('a damaged envelope hides a whole one of 1');
  });
});

describe('a newer upload with an older Last-Modified', () => {
  const backwards: Scenario = { seconds: [1, 0], runs: [2, 1], crashes: 1 };

  test('ends on top', () => {
    expect(explore(backwards, PROTOCOL)).toMatchObject(HOLDS);
  });

  test('would end below the older one if Last-Modified had a say', () => {
    const { violation } = explore(backwards, { ...PROTOCOL, orders: 'second, then stamp' });
    expect(violation).toBe('envelope 1 hides 2');
  });
});

describe('somebody wraps the current envelope anew meanwhile', () => {
  const rewrap = true;
  const scenarios: Scenario[] = [
    { seconds: [0, 0], runs: [1, 1], crashes: 1, rewrap },
    { seconds: [0, 0], runs: [2, 1], crashes: 0, rewrap },
    { seconds: [0, 0], contents: [0, 0], runs: [1, 1], crashes: 1, rewrap },
    { seconds: [0, 0], runs: [1, 1], crashes: 1, withdraws: true, rewrap },
  ];

  test.each(scenarios.map((scenario) => [JSON.stringify(scenario), scenario] as const))(
    '%s',
    (_, scenario) => {
      expect(explore(scenario, PROTOCOL)).toMatchObject(HOLDS);
    },
  );

  const alone: Scenario = { seconds: [0, 0], runs: [1, 1], crashes: 0, rewrap };

  test('without a look back the older one hides the newer', () => {
    const { violation, trace } = explore(alone, { ...PROTOCOL, rewrapLooksBack: false });
    expect({ violation, last: trace.slice(-6, -1) }).toEqual({
      violation: 'envelope 1 hides 2',
      last: [
        'rewrap looks: current',
        '2 stores',
        '2 looks again: 2',
        '2 removes 2',
        'rewrap puts 1 there anew',
      ],
    });
  });

  test('without a look before, too: what has come until then is not seen as new', () => {
    const { violation, trace } = explore(alone, { ...PROTOCOL, rewrapChecks: false });
    expect({ violation, first: trace.indexOf('rewrap finds 1') < trace.indexOf('2 stores') }).toEqual({
      violation: 'envelope 1 hides 2',
      first: true,
    });
    expect(trace.at(-1)).toBe('rewrap looks back: alone');
  });
});

describe('somebody plants an envelope in the vault without a key', () => {
  const scenarios: Scenario[] = ([YEAR_9999, NOW] as const).flatMap((plants): Scenario[] => [
    { seconds: [0, 0], runs: [1, 1], crashes: 1, plants },
    { seconds: [0, 0], runs: [2, 1], crashes: 0, plants },
    { seconds: [0, 0], runs: [1, 1], crashes: 0, rewrap: true, plants },
  ]);

  test.each(scenarios.map((scenario) => [JSON.stringify(scenario), scenario] as const))(
    'it hides nothing that is sealed later: %s',
    (_, scenario) => {
      expect(explore(scenario, PROTOCOL)).toMatchObject(HOLDS);
    },
  );
});
