import type { Metadata } from '../../../functions/envelope/envelope';
import type { Input } from '../../files/input';
import type { Location } from '../../files/location';
import type { LabelOptions } from './labels';

export type PutOptions = LabelOptions & {
  direct?: true;
  key?: string;
  /** Seconds; true without a number. */
  wait?: number | true;
  partBytes: number;
  parallel: number;
  force?: true;
};

/** What is put where, and how. `file`: as it was named, - is standard input. */
export type Task = Omit<PutOptions, keyof LabelOptions> & {
  file: string;
  input: Input;
  place: Location;
  labels: Metadata;
};

/** What came of it: for programs, and in lines for people. */
export type Told = { facts: object; lines: string[] };
