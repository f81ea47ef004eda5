import { createNames } from './calls';
import type { Kind } from './kinds';
import type { Stage } from './stage';

/** One thing that goes wrong: the call of that name, or the event that announces the upload. */
export type Trouble = { call: string; kind: Kind };

/** `eTag`: as OSS makes it of what is put in one piece; each upload has another. */
export type Uploaded = { eTag: string; content: Buffer };

export type Scenario = {
  name: string;
  /** What is there before. Its events have been dealt with when `act` begins. */
  setUp?: (stage: Stage, cell: Cell) => Promise<void>;
  act: (stage: Stage, cell: Cell) => Promise<void>;
  /** Whether `act` ends in an upload that OSS announces. */
  isAnnounced: boolean;
  /** Goes wrong in every run of it, the clean one too; the rows are the calls after it. */
  trouble?: Trouble;
  /** What somebody else does as soon as the envelope of the upload has been stored. */
  meanwhile?: (stage: Stage, cell: Cell) => Promise<void>;
};

/** One scenario under a key of its own, with what goes wrong in it. */
export type Cell = {
  key: string;
  scenario: Scenario;
  /** Of the row and column; none in a clean run. */
  trouble: Trouble | undefined;
  /** Oldest first. */
  uploads: Uploaded[];
  /** From the moment at which the scenario begins, after what was set up. */
  isActing: boolean;
  nameOf: ReturnType<typeof createNames>;
  /** The arns of the encrypt function's runs, in their order. */
  runs: string[];
  /** The names of the calls that went wrong. */
  fired: Set<string>;
  /** What happens beside it, once. */
  hasMeanwhileHappened: boolean;
  /** Versions that the vault was seen to hold. */
  kept: Set<string>;
  letters: number;
  /** In-call retries that a run has told of. */
  retries: number;
  /** By what it came to rest, and after how many runs. */
  rest?: { by: 'run' | 'replay' | 'sweep'; runs: number };
  violations: Set<string>;
};

export type NewCell = Pick<Cell, 'scenario' | 'trouble'>;

/** The name of the event in the place of a call. */
export const EVENT = 'event ObjectCreated inbox';

let cells = 0;

export function newCell({ scenario, trouble }: NewCell): Cell {
  return {
    // Of one length: no key is the beginning of another.
    key: `cell-${String(++cells).padStart(5, '0')}.txt`,
    scenario,
    trouble,
    uploads: [],
    isActing: false,
    nameOf: createNames(),
    runs: [],
    fired: new Set(),
    hasMeanwhileHappened: false,
    kept: new Set(),
    letters: 0,
    retries: 0,
    violations: new Set(),
  };
}

/** The troubles of a cell: the scenario's own, and the matrix's. */
export function troublesOf({ scenario, trouble }: Cell): Trouble[] {
  return [scenario.trouble, trouble].filter((one) => one !== undefined);
}
