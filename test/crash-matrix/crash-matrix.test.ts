import { describe, expect, test } from 'vitest';
import type { Call } from '../../infra/local/gateway/hooks';
import { INBOX, VAULT } from '../../infra/run/deployment';
import { holdingsOf } from './holdings';
import type { Kind } from './kinds';
import { crashMatrix } from './matrix';
import { SCENARIOS } from './scenarios';
import type { Stage } from './stage';
import { sweepMatrix } from './sweep-matrix';
import { sweepViolationsOf, violationsOf } from './table';

const MINUTE = 60_000;

test.concurrent(
  'whatever happens to a call of the encrypt function, what must hold holds',
  async () => {
    // All kinds are in `npm run crash-matrix`.
    const kinds: Kind[] = ['killed after'];
    const matrix = await crashMatrix({ isThorough: false, kinds });
    expect(violationsOf(matrix)).toEqual([]);
    expect(matrix.calls.flatMap(({ names }) => names).length).toBeGreaterThan(30);
  },
  2 * MINUTE,
);

test.concurrent(
  'whatever happens to a call of the sweep, the next sweep finds everything',
  async () => {
    const cells = await sweepMatrix(['killed after']);
    expect(sweepViolationsOf(cells)).toEqual([]);
    expect(cells.length).toBeGreaterThan(3);
  },
  2 * MINUTE,
);

describe('the matrix sees what it is there to see', () => {
  test('an envelope that is lost once OSS has said that it is stored', async () => {
    const matrix = await sabotaged(async (stage, { operation, bucket, key = '' }) => {
      if (operation !== 'PutObject' || bucket !== VAULT) return;
      const { vault } = await holdingsOf(stage, key);
      await stage.vault.delete(key, { versionId: vault.versions[0]?.versionId ?? '' });
    });
    expect(matrix.join('\n')).toContain('small object, clean');
    expect(matrix.join('\n')).toContain('an upload has gone that is not sealed');
  });

  test('a delete that names a key and no version', async () => {
    const matrix = await sabotaged(async (stage, { operation, bucket, key = '' }) => {
      if (operation === 'DeleteObject' && bucket === INBOX)
        await stage.inbox.deleteMulti([key], { quiet: true });
    });
    expect(matrix.join('\n')).toContain('a delete marker lies in the inbox');
  });
});

/** The violations of one upload, while somebody does that after every call of the encrypt function. */
async function sabotaged(sabotage: (stage: Stage, call: Call) => Promise<void>): Promise<string[]> {
  return violationsOf(await crashMatrix({ scenarios: [SCENARIOS.small], kinds: [], sabotage }));
}
