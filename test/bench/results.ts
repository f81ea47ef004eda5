import type { CodecResult } from './codec/measure';
import type { SparseRange } from './codec/sparse-range';
import type { ColdRow } from './cold';
import type { Goal } from './goal';
import type { Curve } from './growth/curve';
import type { Machine } from './machine';
import type { PipelineRow } from './pipeline';
import type { SmallResult } from './small';

/** All that was measured; what was not asked for is not there. This is what `--json` writes. */
export type Results = {
  machine: Machine;
  /** Of the command, and how long it took in seconds. */
  arguments: string[];
  seconds: number;
  codec?: CodecResult;
  range?: SparseRange;
  pipeline?: PipelineRow[];
  small?: SmallResult;
  cold?: ColdRow[];
  growth?: Curve[];
  /** What could not be measured here, and why. */
  leftOut: string[];
  goals: Goal[];
};
