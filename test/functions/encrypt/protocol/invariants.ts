import { isPlanted, type Scenario, type State } from './model';

/** What does not hold in a state; `isEnd`: nothing can happen any more. */
export function violation(scenario: Scenario, state: State, isEnd: boolean): string | undefined {
  const lost = lostUpload(state);
  if (lost !== undefined) return `upload ${lost + 1} is gone before it or a newer one is sealed`;
  return isEnd ? wrongEnd(scenario, state) : undefined;
}

/** Implies that the newest upload can be read at every moment, unless its owner has deleted it. */
function lostUpload({ uploads, inbox, forgotten, sealed }: State): number | undefined {
  for (let upload = sealed + 1; upload < uploads; upload++) {
    if (!((inbox | forgotten) & (1 << upload))) return upload;
  }
  return undefined;
}

function wrongEnd({ seconds, forgets }: Scenario, state: State): string | undefined {
  const { uploads, inbox, withdrawn, sealed, sealedAt, current, runs } = state;
  if (uploads < seconds.length || runs.some(({ step }) => step !== 'ended')) return 'nothing goes on';
  const isWithdrawn = withdrawn === uploads;
  if (forgets && inbox !== 0) return `the inbox keeps versions (${inbox.toString(2)})`;
  if (!isWithdrawn && sealed !== uploads - 1) return `upload ${uploads} is not sealed`;
  const isForged = current && isPlanted(current);
  if (isForged && current.stamp < sealedAt) return `a forged envelope hides ${sealed + 1}, sealed after it`;
  if (current && !isForged && current.upload !== sealed)
    return `envelope ${current.upload + 1} hides ${sealed + 1}`;
  if (current && !isForged && !current.whole) return `a damaged envelope hides a whole one of ${sealed + 1}`;
  if (!isWithdrawn && inbox !== 0) return `the inbox keeps versions (${inbox.toString(2)})`;
  return undefined;
}
