import { codeOf } from './code';
import { violation } from './invariants';
import { type Protocol, type Scenario, type State, start } from './model';
import { movesOf } from './moves';

/** `violation`: undefined where every state holds; `trace`: the shortest way to the first that does not. */
export type Findings = { states: number; violation: string | undefined; trace: string[] };

type Way = { from: Way | undefined; name: string };
type Reached = { state: State; way: Way | undefined };

/** Visits every state that can be reached, the nearest first. */
export function explore(scenario: Scenario, protocol: Protocol): Findings {
  const first = start(scenario);
  const seen = new Set([codeOf(first)]);
  let nearest: Reached[] = [{ state: first, way: undefined }];
  while (nearest.length > 0) {
    const next: Reached[] = [];
    for (const { state, way } of nearest) {
      const moves = movesOf({ scenario, protocol }, state);
      const broken = violation(scenario, state, moves.length === 0);
      if (broken) return { states: seen.size, violation: broken, trace: traceOf(way) };
      for (const move of moves) {
        const code = codeOf(move.state);
        if (seen.has(code)) continue;
        seen.add(code);
        next.push({ state: move.state, way: { from: way, name: move.name } });
      }
    }
    nearest = next;
  }
  return { states: seen.size, violation: undefined, trace: [] };
}

function traceOf(end: Way | undefined): string[] {
  const names: string[] = [];
  for (let way = end; way; way = way.from) names.push(way.name);
  return names.reverse();
}
