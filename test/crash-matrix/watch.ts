import type { Report } from '../../infra/local/fc/server';
import type { Call, Effect } from '../../infra/local/gateway/hooks';
import { isBy, nameOfCall } from './calls';
import { type Cell, troublesOf } from './cells';
import { checkDelete, checkMoment } from './checks';
import { createDeath, type Death } from './death';
import { holdingsOf } from './holdings';
import { effectOf, isKill, type Kind, kindsIn, type Phase } from './kinds';
import type { Stage } from './stage';

export const ENCRYPT = 'oss-envelope-encrypt';

export type Watch = {
  /** From now on calls for this cell are looked at. */
  add(cell: Cell): void;
  /** The encrypt function is killed when each of these has come to the call at which it is to die. */
  dieTogether(cells: Cell[]): void;
};

/** What somebody does after every call of the encrypt function, to see whether it is seen. */
export type Sabotage = (stage: Stage, call: Call) => Promise<void>;

/** Has happen to the encrypt function's calls what is to happen, and checks every moment at which something changed. */
export function createWatch(stage: Stage, sabotage?: Sabotage): Watch {
  const cells = new Map<string, Cell>();
  const runs = new Map<string, Cell>();
  const later = new WeakMap<Call, Kind[]>();
  let death: Death<Cell> | undefined;

  /** A run's first call names the key; KMS and MNS are told of none. */
  function cellOf({ principal, key, query }: Call): Cell | undefined {
    if (!isBy(principal, ENCRYPT)) return undefined;
    const cell = runs.get(principal) ?? cells.get(key ?? query.prefix ?? '');
    if (!cell?.isActing) return undefined;
    if (!runs.has(principal)) cell.runs.push(principal);
    runs.set(principal, cell);
    return cell;
  }

  async function before(call: Call): Promise<Effect | undefined> {
    const cell = cellOf(call);
    if (!cell) return undefined;
    const kinds = kindsDue(cell, call);
    later.set(call, kinds);
    if (call.operation.startsWith('Delete')) checkDelete(cell, call);
    return befall(cell, call, 'before');
  }

  async function after(call: Call): Promise<Effect | undefined> {
    const cell = cellOf(call);
    if (!cell) return undefined;
    await sabotage?.(stage, call);
    if (call.operation === 'PutObject' && !cell.hasMeanwhileHappened) {
      cell.hasMeanwhileHappened = true;
      await cell.scenario.meanwhile?.(stage, cell);
    }
    if (call.operation.startsWith('Delete')) await see(cell);
    return befall(cell, call, 'after');
  }

  async function befall(cell: Cell, call: Call, phase: Phase): Promise<Effect | undefined> {
    for (const kind of kindsIn(later.get(call), phase)) {
      if (isKill(kind)) await death?.come(cell);
      await see(cell);
      return effectOf(kind, call);
    }
    return undefined;
  }

  async function see(cell: Cell): Promise<void> {
    await checkMoment(stage, cell, await holdingsOf(stage, cell.key));
  }

  /** A run that ends without having come to its call will not die. */
  function onReport({ functionName, logs }: Report): void {
    if (functionName !== ENCRYPT) return;
    for (const line of logs) {
      const { key, retries } = fieldsOf(line);
      const cell = cells.get(key ?? '');
      if (!cell?.isActing) continue;
      cell.retries = Math.max(cell.retries, retries ?? 0);
      death?.leave(cell);
    }
  }

  Object.assign(stage.watcher, { before, after, onReport });
  return {
    add: (cell) => void cells.set(cell.key, cell),
    dieTogether(dying) {
      death = createDeath(dying, () => stage.fc.kill(ENCRYPT));
    },
  };
}

/** What is to befall this call. */
function kindsDue(cell: Cell, call: Call): Kind[] {
  const name = cell.nameOf(nameOfCall(call));
  const due = troublesOf(cell).filter((trouble) => trouble.call === name);
  if (due.length > 0) cell.fired.add(name);
  return due.map(({ kind }) => kind);
}

function fieldsOf(line: string): { key?: string; retries?: number } {
  return line.startsWith('{') ? JSON.parse(line) : {};
}
