const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

/** What is measured how often; sizes in bytes. */
export type Plan = {
  codec: { rounds: number; others: boolean };
  pipeline: { size: number; rounds: number }[];
  /** Batches of so many objects, sealed and copied in turn. */
  small: { batches: number; batch: number };
  cold: { rounds: number };
  /** Absent in the short form. */
  growth?: { parts: number[]; keys: number[]; concurrency: number[]; rounds: number };
};

/** Some eight minutes on two cores that nobody else uses. */
export const FULL: Plan = {
  codec: { rounds: 7, others: true },
  pipeline: [
    { size: 64 * MiB, rounds: 7 },
    { size: 256 * MiB, rounds: 3 },
    { size: GiB, rounds: 3 },
    { size: 8 * GiB, rounds: 1 },
  ],
  small: { batches: 20, batch: 100 },
  cold: { rounds: 15 },
  growth: {
    parts: [32, 128, 512, 1024],
    keys: [1000, 10_000, 100_000],
    concurrency: [1, 2, 4, 8],
    rounds: 3,
  },
};

/** Half a minute: what tells a gross regression. */
export const SHORT: Plan = {
  codec: { rounds: 3, others: false },
  pipeline: [
    { size: 64 * MiB, rounds: 2 },
    { size: 256 * MiB, rounds: 1 },
  ],
  small: { batches: 4, batch: 50 },
  cold: { rounds: 3 },
};

/** The plan without objects above so many bytes. */
export function upTo(plan: Plan, largest: number): Plan {
  return { ...plan, pipeline: plan.pipeline.filter(({ size }) => size <= largest) };
}

/** Every measured object and those that warm up, by how many there must be. */
export function largestOf({ pipeline }: Plan): number {
  return Math.max(0, ...pipeline.map(({ size }) => size));
}
