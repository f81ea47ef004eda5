import { Command } from '@commander-js/extra-typings';
import { letterIn } from '../../cloud/letter';
import { deadLetterQueue } from '../../cloud/queue';
import { run } from '../../session/run';
import { Failure } from '../../terminal/failure';
import { conclude } from './chosen';
import { lineOf } from './list';
import { walk } from './walk';

export function dropCommand() {
  return new Command('drop')
    .description('deletes letters; their uploads stay where they are')
    .argument('<id...>', 'as dead-letters list tells them')
    .option('--yes', 'that is what is meant')
    .addHelpText(
      'after',
      '\nExample:\n  oss-envelope dead-letters drop 5F290C926D472878-2-14D9529A8FA-200000001 --yes',
    )
    .exitOverride()
    .action((ids, { yes }, command) =>
      run(command, async ({ output, session: open }) => {
        if (!yes) throw unconfirmed();
        const queue = deadLetterQueue(await open());
        const wanted = new Set(ids);
        let done = 0;
        const isComplete = await walk(queue, async (message) => {
          if (!wanted.delete(message.id)) return {};
          const letter = letterIn(message);
          await queue.remove(message.handle);
          done++;
          output.item({ id: letter.id, code: letter.code, keys: letter.keys, outcome: 'dropped' });
          output.say(`${output.styled('yellow', 'dropped')}  ${lineOf(letter)}`);
          return { isDeleted: true, isLast: wanted.size === 0 };
        });
        conclude(output, 'dropped', { done, failed: 0, notFound: [...wanted], isComplete });
      }),
    );
}

function unconfirmed(): Failure {
  return new Failure('usage-wrong', 'Cannot drop letters: it cannot be taken back', {
    left: 'the letters are in the queue',
    todo: 'look at them with dead-letters show, and say --yes',
  });
}
