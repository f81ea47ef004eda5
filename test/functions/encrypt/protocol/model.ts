/** What the runs do, each choice one by itself: what a test changes is the check that it leaves out. */
export type Protocol = {
  /** Lists the key's versions before it reads: its own is the newest with the eTag of the event. */
  looksFirst: boolean;
  /** What the read insists on: `current`, its version is the current one; `content`, what is current has its eTag; `version`, its version is there. */
  reads: 'current' | 'content' | 'version';
  /** When it takes `sealedAt`: before its first call, between the first look and the read, or after the read. */
  stamps: 'at first' | 'before the read' | 'after the read';
  comparesChecksums: boolean;
  looksAgain: boolean;
  removesOlder: 'before own' | 'after own' | 'never';
  /** What makes it settle: own not there at first; another is current; own gone when it looks again; others seen. */
  settlesOn: readonly (
    | 'gone'
    | 'not current'
    | 'overtaken'
    | 'older at first'
    | 'older again'
    | 'newer again'
  )[];
  settlesUntilItIs: boolean;
  orders: 'second, then stamp' | 'second' | 'stamp';
  /** In which order the sweep removes what the owner has deleted. */
  forgets: 'oldest first' | 'newest first';
  /** What counts in that order: what can be in the vault at its time, or everything. */
  believes: 'what can be' | 'everything';
  /** What one that wraps the current envelope anew does when it has put it on top: it settles if it sees that others have put something since it looked. */
  rewrapLooksBack: boolean;
  /** What it does before: it looks whether what it read is current still. */
  rewrapChecks: boolean;
};

/** One key, its uploads in the order of their versions, and what may go wrong. */
export type Scenario = {
  /** Last-Modified of each upload, in seconds. */
  seconds: readonly number[];
  /** Equal where the content, and so the eTag, is equal; all different by default. */
  contents?: readonly number[];
  /** Of each event the runs that may overlap. */
  runs: readonly number[];
  /** Deliveries of an event anew, in all: after a crash between any two calls, or after the end. */
  crashes: number;
  /** The owner may delete the key once, at any time: a delete marker on top. */
  withdraws?: boolean;
  /** What is below that marker the sweep removes, one by one, at any time. */
  forgets?: boolean;
  /** One store may be under way when its run crashes, and land at any time later. */
  late?: boolean;
  /** One store may put other bytes than were sent. */
  corrupt?: boolean;
  /** Once nothing is under way any more, the vault is settled once more. */
  sweep?: boolean;
  /** Somebody wraps the current envelope anew, at any time, and again after a crash. */
  rewrap?: boolean;
  /** Somebody plants an envelope once, at any time, without any key: it says that it was sealed then, or in the year 9999. */
  plants?: typeof NOW | typeof YEAR_9999;
};

/** An envelope in the vault: whose upload, which stamp, and whether its bytes are those that were sent. */
export type Envelope = { upload: number; stamp: number; whole: boolean };

/** Of no upload, but planted at its stamp. */
export const NOW = 4;
export const YEAR_9999 = 5;

export function isPlanted({ upload }: Envelope): boolean {
  return upload === NOW || upload === YEAR_9999;
}

export type Step =
  | 'waits'
  | 'stamps'
  | 'reads'
  | 'stores'
  | 'looks again'
  | 'removes older'
  | 'removes own'
  | 'settles'
  | 'copies'
  | 'finds'
  | 'checks'
  | 'puts'
  | 'looks back'
  | 'ended';

/** What one delivery of an event knows; of a crashed one nothing is left but the event. */
export type Run = {
  /** `1a` and `1b` are runs of the event of upload 1. */
  readonly name: string;
  readonly event: number;
  readonly step: Step;
  /** Its version, from the moment it knows it; 0 is the first upload. */
  readonly own: number | undefined;
  readonly stamp: number;
  /** Versions to remove, one bit each. */
  readonly older: number;
  readonly settles: boolean;
  /** What it is about to copy on top. */
  readonly newest: Envelope | undefined;
};

export type State = {
  /** How many of the uploads have come. */
  readonly uploads: number;
  /** Versions in the inbox, one bit each. */
  readonly inbox: number;
  /** How many uploads lie below the delete marker. */
  readonly withdrawn: number;
  /** Those of them that the sweep has removed, one bit each. */
  readonly forgotten: number;
  /** The newest upload of which a whole envelope is in the vault; what is below it decides nothing. */
  readonly sealed: number;
  /** Of all envelopes of the vault the current one and the newest: the others decide nothing. */
  readonly current: Envelope | undefined;
  readonly newest: Envelope | undefined;
  /** The latest stamp of whole envelopes, where somebody plants others. */
  readonly sealedAt: number;
  readonly onItsWay: Envelope | undefined;
  readonly crashesLeft: number;
  readonly lateLeft: boolean;
  readonly corruptLeft: boolean;
  readonly plantLeft: boolean;
  readonly runs: readonly Run[];
};

export type Move = { name: string; state: State };
export type World = { scenario: Scenario; protocol: Protocol };

/** What a run's next call does to the clouds, and to what the run knows. */
export type Done = { name: string; run: Run; state?: State };
export type Call = (world: World, state: State, run: Run) => Done;

export const SWEEP = -1;
export const REWRAP = -2;

/** Of a crashed run nothing is left; its event is delivered again. */
export function waiting({ name, event }: Pick<Run, 'name' | 'event'>): Run {
  return {
    name,
    event,
    step: 'waits',
    own: undefined,
    stamp: 0,
    older: 0,
    settles: false,
    newest: undefined,
  };
}

export function start({ runs, crashes, late, corrupt, sweep, rewrap, plants }: Scenario): State {
  const events = runs.flatMap((count, event) =>
    ['a', 'b', 'c'].slice(0, count).map((run) => ({ name: `${event + 1}${count > 1 ? run : ''}`, event })),
  );
  return {
    uploads: 0,
    inbox: 0,
    withdrawn: 0,
    forgotten: 0,
    sealed: -1,
    current: undefined,
    newest: undefined,
    sealedAt: 0,
    onItsWay: undefined,
    crashesLeft: crashes,
    lateLeft: late ?? false,
    corruptLeft: corrupt ?? false,
    plantLeft: plants !== undefined,
    runs: [
      ...events,
      ...(sweep ? [{ name: 'sweep', event: SWEEP }] : []),
      ...(rewrap ? [{ name: 'rewrap', event: REWRAP }] : []),
    ].map(waiting),
  };
}

/** A reading of the clock: later than every stamp that is still to be seen. */
export function now({ current, newest, sealedAt, onItsWay, runs }: State): number {
  let last = Math.max(current?.stamp ?? 0, newest?.stamp ?? 0, sealedAt, onItsWay?.stamp ?? 0);
  for (const run of runs) last = Math.max(last, run.stamp, run.newest?.stamp ?? 0);
  return last + 1;
}

/** What the bare key answers with. */
export function currentUpload({ inbox, withdrawn }: State): number | undefined {
  const newest = 31 - Math.clz32(inbox);
  return newest >= withdrawn && inbox > 0 ? newest : undefined;
}
