import { PART } from '../deployment';
import type { Act, Schedule } from './act';
import type { Fate } from './fates';
import { oneOf, type Random, seeded, weighted } from './random';

/** Plaintext bytes: none, one chunk, more, exactly one part, more parts. */
const SIZES = [0, 1, 1000, 1000, 1000, 1000, 20_000, 20_000, PART, PART + 1, 2 * PART + 5];
/** The least that OSS takes as a part. */
const PART_LEAST = 102_400;

const DELIVERIES = { 0: 2, 1: 14, 2: 5, 3: 1 };

/** `keys`: how often each is meant; `acts`: how many calls go on after each act, at most. */
type Manner = {
  uploads: number;
  keys: Record<number, number>;
  sizes: readonly number[];
  going: number;
  fates: Record<Fate, number>;
};

/** All that can happen, everywhere. */
const WIDE: Manner = {
  uploads: 6,
  keys: { 0: 8, 1: 2, 2: 1 },
  sizes: SIZES,
  going: 16,
  fates: {
    passes: 82,
    'comes late': 4,
    'answer late': 4,
    fails: 1,
    'is throttled': 0.5,
    'answer lost': 2,
    'run ends before': 1.5,
    'run ends after': 4,
    'is refused': 0.7,
    'killed before': 0.2,
    'killed after': 0.5,
  },
};

/** Few uploads to one key, and long answers: most of what goes wrong goes wrong here. */
const CLOSE: Manner = {
  uploads: 3,
  keys: { 0: 1 },
  sizes: [1000],
  going: 12,
  fates: {
    ...WIDE.fates,
    ...{ passes: 75, 'comes late': 8, 'answer late': 8, 'run ends after': 3, 'is refused': 0.2 },
    ...{ fails: 0.2, 'is throttled': 0, 'answer lost': 0.5, 'killed before': 0, 'killed after': 0.1 },
  },
};

const CRASHING: Manner = { ...CLOSE, fates: { ...CLOSE.fates, 'answer late': 4, 'run ends after': 12 } };

/** The schedule of a seed: always the same. */
export function scheduleOf(seed: number): Schedule {
  const random = seeded(seed);
  const manner = oneOf(random, [CLOSE, CLOSE, CRASHING, WIDE]);
  const acts = owners(random, manner).flatMap((act) => [act, ...goings(random, manner)]);
  return { seed, acts };
}

/** What the owner and OSS do, in order. */
function owners(random: Random, manner: Manner): Act[] {
  const acts: Act[] = [];
  const uploads = 2 + Math.floor(random() * (manner.uploads - 1));
  for (let upload = 0; upload < uploads; upload++) {
    acts.push(anUpload(random, manner, upload));
    if (random() < 0.1) acts.push({ do: 'delete', key: Number(weighted(random, manner.keys)) });
  }
  for (let upload = 0; upload < uploads; upload++) deliver(random, acts, upload);
  if (random() < 0.3) insert(random, acts, { do: 'sweep' });
  if (random() < 0.2) insert(random, acts, resting(random, manner));
  return [...acts, resting(random, manner)];
}

/** At times the same content once more: its event then cannot be told from the other's. */
function anUpload(random: Random, { keys, sizes }: Manner, upload: number): Act {
  const [key, size] = [Number(weighted(random, keys)), oneOf(random, sizes)];
  const isRepeated = random() < 0.2;
  if (isRepeated) return { do: 'upload', key, size: 1000, content: 1000, how: 'put' };
  if (sizes === SIZES && random() < 0.12)
    return { do: 'upload', key, size: PART_LEAST + size + 1, content: upload, how: 'multipart' };
  return { do: 'upload', key, size, content: upload, how: 'put' };
}

function deliver(random: Random, acts: Act[], upload: number): void {
  for (let left = Number(weighted(random, DELIVERIES)); left > 0; left--) {
    const uploadAt = indexOfUpload(acts, upload);
    const isSoon = random() < 0.6;
    const room = acts.length - uploadAt;
    const at = uploadAt + 1 + Math.floor(random() * (isSoon ? Math.min(room, 2) : room));
    acts.splice(at, 0, { do: 'deliver', upload });
  }
}

function indexOfUpload(acts: Act[], upload: number): number {
  let seen = -1;
  return acts.findIndex((act) => act.do === 'upload' && ++seen === upload);
}

function insert(random: Random, acts: Act[], act: Act): void {
  acts.splice(1 + Math.floor(random() * acts.length), 0, act);
}

function resting(random: Random, { fates }: Manner): Act {
  const some = Array.from({ length: Math.floor(random() * 20) }, () => weighted(random, fates));
  return { do: 'rest', pick: Math.round(random()), fates: some };
}

/** For a while the first of the runs goes on, or the last, or any. */
function goings(random: Random, { going, fates }: Manner): Act[] {
  const whose = weighted(random, { first: 1, last: 2, any: 2 });
  const picks = { first: () => 0, last: () => 1, any: random };
  return Array.from({ length: Math.floor(random() * random() * going) }, () =>
    random() < 0.06
      ? { do: 'go late', pick: random() }
      : { do: 'go', pick: picks[whose](), fate: weighted(random, fates) },
  );
}
