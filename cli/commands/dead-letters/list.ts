import { Command } from '@commander-js/extra-typings';
import { type Letter, letterIn } from '../../cloud/letter';
import { deadLetterQueue } from '../../cloud/queue';
import { run } from '../../session/run';
import { shown } from '../../terminal/shown';
import { wholeNumber } from '../../terminal/whole-number';
import { letters } from './chosen';
import { walk } from './walk';

export function listCommand() {
  return new Command('list')
    .description('the letters in the queue, the oldest first')
    .option('--max <n>', 'at most so many', wholeNumber(1, 1_000_000), 100)
    .addHelpText('after', '\nExample:\n  oss-envelope dead-letters list --max 20')
    .exitOverride()
    .action(({ max }, command) =>
      run(command, async ({ output, session: open }) => {
        const queue = deadLetterQueue(await open());
        const before = await queue.counts();
        let listed = 0;
        const isComplete = await walk(queue, async (message) => {
          const letter = letterIn(message);
          const { event: _, ...item } = letter;
          output.item({ ...item, received: message.dequeueCount });
          output.say(lineOf(letter));
          return { isLast: ++listed >= max };
        });
        const total = before.active + before.inactive;
        output.item({ listed, isComplete: isComplete && listed >= before.active, queue: before });
        output.say(`${letters(listed)} of ${total} in ${queue.name}${hidden(before.inactive)}`);
      }),
    );
}

/** One line; keys are data of others. */
export function lineOf({ id, code, at, tries, keys, functionName }: Letter): string {
  const what = keys.length > 0 ? keys.map(shown).join(', ') : functionName;
  const tried = tries === undefined ? '' : ` x${tries}`;
  return `${id}  ${at.toISOString()}  ${code.padEnd(18)}${tried.padEnd(4)} ${what}`.trimEnd();
}

function hidden(inactive: number): string {
  if (inactive === 0) return '';
  return `; ${inactive} hidden when this began: somebody looks at them, or did within the last minute`;
}
