import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPlayer } from './player';
import { SABOTAGES, sabotaged } from './sabotage';
import { scheduleOf } from './schedule';
import { startWorld, type World } from './world';

/** What `npm run explore` does for as long as one likes. */
const SEEDS = Array.from({ length: 4 }, (_, seed) => seed + 1);

describe('the built functions', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  test(`lose nothing in ${SEEDS.length} random schedules`, async () => {
    const play = createPlayer(world);
    for (const seed of SEEDS) {
      const { violation, trace } = await play(scheduleOf(seed));
      expect(violation, `npm run explore -- --seed ${seed} --rounds 50\n${trace.join('\n')}`).toBeUndefined();
    }
  });
});

describe('the explorer finds out that', () => {
  test.each(Object.entries(SABOTAGES))('%s', async (_, { find, by, seeds, harm }) => {
    const encryptCode = await sabotaged({ find, by });
    const world = await startWorld({ encryptCode });
    try {
      expect(await firstViolation(world, seeds)).toMatch(harm);
    } finally {
      await world.close();
      await rm(encryptCode, { recursive: true });
    }
  });
});

async function firstViolation(world: World, seeds: readonly number[]): Promise<string> {
  const play = createPlayer(world);
  for (const seed of seeds) {
    const { violation } = await play(scheduleOf(seed));
    if (violation !== undefined) return violation;
  }
  return 'nothing';
}

test('a schedule is the same whenever it is made of one seed', () => {
  expect(scheduleOf(7)).toEqual(scheduleOf(7));
  expect(scheduleOf(7)).not.toEqual(scheduleOf(8));
});
