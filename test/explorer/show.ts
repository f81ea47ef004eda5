import type { Cloud } from '../../infra/local/cloud';
import type { Schedule } from './act';
import type { Findings } from './player';

type Entries = ReturnType<Cloud['journal']['entries']>;

/** Prints a violation: what went on, the journal of the round's keys, the schedule, and how to play it again. */
export function showViolation(
  { seed, acts }: Schedule,
  { violation, trace, keys }: Findings,
  entries: Entries,
): void {
  console.error(`\nSeed ${seed}: ${violation}\n\nWhat went on:`);
  for (const line of trace) console.error(`  ${line}`);
  console.error('\nThe journal:');
  for (const entry of entries.filter(
    (one) => !isLook(one) && (one.key === undefined || keys.includes(one.key)),
  ))
    console.error(`  ${JSON.stringify(entry)}`);
  console.error('\nThe schedule:');
  for (const act of acts) console.error(`  ${JSON.stringify(act)}`);
  console.error(`\nAgain: npm run explore -- --seed ${seed} --rounds 50`);
}

/** The explorer's own, as the owner. */
function isLook({ operation, principal }: Entries[number]): boolean {
  return principal.endsWith(':root') && /^(List|Get|Decrypt)/.test(operation);
}
