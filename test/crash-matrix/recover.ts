import { fcClient } from '../../functions/cloud/fc-client';
import { fcOf, functionsAt } from '../../functions/cloud/functions';
import { DEAD_LETTERS, VAULT } from '../../infra/run/deployment';
import { service } from '../services';
import { type Cell, EVENT } from './cells';
import { checkEnded, checkMoment, isDone, secretIn } from './checks';
import { allHoldings, type Holdings } from './holdings';
import { inParallel } from './in-parallel';
import type { Stage } from './stage';
import { ENCRYPT } from './watch';

/** What brings everything in order in the end: replayed letters, the sweep, and the sweep a day later. */
export async function recover(stage: Stage, cells: Cell[]): Promise<string[]> {
  const letters = lettersOf(stage);
  for (const cell of cells) {
    cell.letters = letters.filter(({ key }) => key === cell.key).length;
    if (cell.trouble && !cell.fired.has(cell.trouble.call) && cell.trouble.call !== EVENT)
      cell.violations.add('the call never came');
  }
  await eachWith(stage, cells, (cell, holdings) => checkEnded(stage, cell, holdings));
  await note(stage, cells, 'run');
  const functions = functionsAt(
    fcOf(service(fcClient({ ...stage.owner, accountId: stage.cloud.accountId }, stage.fc.endpoint))),
  );
  for (const { event } of letters) await functions.invokeLater(ENCRYPT, event);
  await stage.cloud.idle();
  await note(stage, cells, 'replay');
  for (const seconds of [960, 26 * 3600]) {
    await stage.cloud.clock.advance(seconds * 1000);
    await functions.invokeLater('oss-envelope-sweep', '{"all": true}');
    await stage.cloud.idle();
    await note(stage, cells, 'sweep');
  }
  return checkAtTheEnd(stage, cells);
}

/** Notes by what the cells came to rest that had not before. */
async function note(stage: Stage, cells: Cell[], by: 'run' | 'replay' | 'sweep'): Promise<void> {
  await eachWith(stage, cells, async (cell, holdings) => {
    await checkMoment(stage, cell, holdings);
    const isAtRest = await isDone(stage, cell, holdings);
    if (isAtRest) cell.rest ??= { by, runs: cell.runs.length };
    else if (cell.rest) cell.violations.add('what was sealed did not stay so');
  });
}

/** What holds for each key, and for all of them together: returns the latter's violations. */
async function checkAtTheEnd(stage: Stage, cells: Cell[]): Promise<string[]> {
  for (const { rest, letters, violations } of cells) {
    if (!rest) violations.add('not sealed, or the inbox is not empty, in the end');
    if (letters > 0 && rest?.by === 'sweep')
      violations.add('the dead letter sealed nothing when it was replayed');
  }
  const { uploads } = await stage.vault.listUploads({ 'max-uploads': 1000 });
  const unfinished = uploads.map(({ name }) => `an unfinished upload of ${name} is left in ${VAULT}`);
  const texts = [
    ...stage.reports.flatMap(({ logs, error }) => [...logs, error?.errorMessage ?? '']),
    ...stage.cloud.mns.peek(DEAD_LETTERS).map(({ body }) => body),
  ];
  const secrets = texts
    .map((text) => secretIn(text, stage.opener.dataKeys))
    .filter((found) => found !== undefined);
  return [...unfinished, ...secrets.map((secret) => `${secret} in a log or letter`)];
}

async function eachWith(
  stage: Stage,
  cells: Cell[],
  work: (cell: Cell, holdings: Holdings) => Promise<void>,
): Promise<void> {
  const holdingsOf = await allHoldings(stage);
  await inParallel(cells, (cell) => work(cell, holdingsOf(cell.key)));
}

type Letter = { key: string; event: string };

function lettersOf({ cloud }: Stage): Letter[] {
  return cloud.mns.peek(DEAD_LETTERS).map(({ body }) => {
    const { requestPayload: event } = JSON.parse(body) as { requestPayload: string };
    const { events } = JSON.parse(event) as { events: { oss: { object: { key: string } } }[] };
    return { key: events[0]?.oss.object.key ?? '', event };
  });
}
