import { createNames, isRead } from './calls';
import { type Cell, EVENT, type NewCell, newCell, type Scenario } from './cells';
import { inParallel } from './in-parallel';
import { ALL_KINDS, isKill, isWorth, type Kind } from './kinds';
import { recover } from './recover';
import { SCENARIOS } from './scenarios';
import { INSTANCES, type Stage, startStage } from './stage';
import { createWatch, type Sabotage, type Watch } from './watch';

export type MatrixOptions = {
  scenarios?: Scenario[];
  kinds?: Kind[];
  /** False: only the kinds that tell most, and of a call that a scenario makes again and again the first two. */
  isThorough?: boolean;
  sabotage?: Sabotage;
};

/** The cells of the clean runs, then those of the matrix, by scenario and call. */
export type Matrix = {
  calls: { scenario: Scenario; names: string[] }[];
  cells: Cell[];
  violations: string[];
};

/** What an event can meet on its way; the other kinds are those of a call. */
const EVENT_KINDS: Kind[] = ['fails', 'throttled', 'answer lost'];

/**
 * Runs every scenario once as it is; then once for every call that the encrypt function made in it and every kind of
 * trouble; then replays the dead letters, sweeps, and sweeps again a day later. Checks what must hold all the while.
 */
export async function crashMatrix({
  scenarios = Object.values(SCENARIOS),
  kinds = ALL_KINDS,
  isThorough = true,
  sabotage,
}: MatrixOptions = {}): Promise<Matrix> {
  const stage = await startStage();
  try {
    const watch = createWatch(stage, sabotage);
    const clean = await actOut(
      { stage, watch },
      scenarios.map((scenario) => ({ scenario, trouble: undefined })),
    );
    const calls = clean.map((cell) => ({ scenario: cell.scenario, names: rowsOf(stage, cell) }));
    const troubled = calls.flatMap(({ scenario, names }) =>
      names.flatMap((call) =>
        kinds
          .filter((kind) => canMeet(call, kind) && (isThorough || isTelling(call, kind)))
          .map((kind) => ({ scenario, trouble: { call, kind } })),
      ),
    );
    const cells = [...clean, ...(await actOut({ stage, watch }, troubled))];
    const violations = await recover(stage, cells);
    return { calls, cells, violations };
  } finally {
    await stage.close();
  }
}

type Tools = { stage: Stage; watch: Watch };

async function actOut({ stage, watch }: Tools, wanted: NewCell[]): Promise<Cell[]> {
  const cells = wanted.map(newCell);
  for (const cell of cells) watch.add(cell);
  await inParallel(cells, async (cell) => cell.scenario.setUp?.(stage, cell));
  await stage.cloud.idle();
  // How many headers settling reads depends on what lies more than a few seconds back.
  await stage.cloud.clock.advance(60_000);
  const dies = ({ trouble }: Cell) => trouble !== undefined && isKill(trouble.kind);
  await act(
    stage,
    cells.filter((cell) => !dies(cell)),
  );
  for (const group of groupsOf(cells.filter(dies), INSTANCES)) {
    watch.dieTogether(group);
    await act(stage, group);
  }
  return cells;
}

async function act(stage: Stage, cells: Cell[]): Promise<void> {
  await inParallel(cells, (cell) => {
    cell.isActing = true;
    return cell.scenario.act(stage, cell);
  });
  await stage.cloud.idle();
}

/** The calls of the clean run as the journal has them, after the scenario's own trouble; before them the event. */
function rowsOf({ cloud }: Stage, { scenario, runs }: Cell): string[] {
  const nameOf = createNames();
  const names = cloud.journal
    .entries()
    .filter(({ principal }) => runs.includes(principal))
    .map(nameOf);
  if (scenario.trouble) return names.slice(names.indexOf(scenario.trouble.call) + 1);
  return scenario.isAnnounced ? [EVENT, ...names] : names;
}

function canMeet(call: string, kind: Kind): boolean {
  return call === EVENT ? EVENT_KINDS.includes(kind) : isWorth(kind, { isRead: isRead(call) });
}

/** A run that dies at a read leaves what one leaves that dies after the change before it. */
const TELLING: Record<'event' | 'read' | 'change', Kind[]> = {
  event: EVENT_KINDS,
  read: ['fails', 'refused'],
  change: ['answer lost', 'token expired', 'refused', 'killed before', 'killed after'],
};

function isTelling(call: string, kind: Kind): boolean {
  const nth = Number(/\((\d+)\)$/.exec(call)?.[1] ?? 1);
  const sort = call === EVENT ? 'event' : isRead(call) ? 'read' : 'change';
  return nth <= 2 && TELLING[sort].includes(kind);
}

function groupsOf<T>(items: T[], size: number): T[][] {
  return items.length === 0 ? [] : [items.slice(0, size), ...groupsOf(items.slice(size), size)];
}
