import { Command } from '@commander-js/extra-typings';
import { Fault } from '../../../functions/fault';
import { type Letter, letterIn } from '../../cloud/letter';
import { deadLetterQueue, type Queue, type Received } from '../../cloud/queue';
import { type EncryptTasks, encryptTasksOf } from '../../cloud/tasks';
import { run } from '../../session/run';
import { Failure } from '../../terminal/failure';
import type { Output } from '../../terminal/output';
import { shown } from '../../terminal/shown';
import { conclude, failedItem } from './chosen';
import { walk } from './walk';

type Choice = { all?: true | undefined; code?: string | undefined };

export function replayCommand() {
  return new Command('replay')
    .description(
      'has the events of letters tried again; a letter goes once Function Compute has accepted its event',
    )
    .argument('[id...]', 'as dead-letters list tells them')
    .option('--all', 'every letter')
    .option('--code <code>', 'only letters with this code')
    .addHelpText('after', '\nExample:\n  oss-envelope dead-letters replay --code kms-refused')
    .exitOverride()
    .action((ids, choice, command) =>
      run(command, async ({ output, session: open }) => {
        checkChoice(ids, choice);
        const session = await open();
        const queue = deadLetterQueue(session);
        await replay({ queue, output, tasks: encryptTasksOf(session) }, new Set(ids), choice);
      }),
    );
}

function checkChoice(ids: string[], { all, code }: Choice): void {
  const isChosen = ids.length > 0 || all || code !== undefined;
  if (isChosen && !(ids.length > 0 && all)) return;
  throw new Failure('usage-wrong', 'Cannot choose letters: give their ids, or --all, or --code', {
    todo: 'see oss-envelope dead-letters list',
  });
}

type Tools = { queue: Queue; output: Output; tasks: EncryptTasks };

async function replay(tools: Tools, ids: Set<string>, { code }: Choice): Promise<void> {
  const { queue, output } = tools;
  const [wanted, tally] = [new Set(ids), { done: 0, failed: 0 }];
  // What fails again comes back as another letter, behind these.
  let { active: left } = await queue.counts();
  const isComplete = await walk(queue, async (message) => {
    const letter = letterIn(message);
    if (ids.size > 0 && !wanted.delete(message.id)) return {};
    const isLast = ids.size > 0 ? wanted.size === 0 : --left <= 0;
    if (code !== undefined && letter.code !== code) return { isLast };
    const failure = await replayOne(tools, letter, message);
    tally[failure ? 'failed' : 'done']++;
    if (failure) failedItem(output, message.id, failure);
    return { isDeleted: !failure, isLast };
  });
  conclude(output, 'replayed', { ...tally, notFound: [...wanted], isComplete });
}

/** Returns why it was left where it is. Throws where no other would fare better. */
async function replayOne(
  { queue, output, tasks }: Tools,
  letter: Letter,
  { handle }: Received,
): Promise<Fault | undefined> {
  const { id, event, code, keys } = letter;
  const unfit = unfitFor(letter, tasks);
  if (unfit || event === undefined) return unfit;
  try {
    await tasks.hand(event);
  } catch (error) {
    if (isAboutEvent(error)) return error;
    throw error;
  }
  await queue.remove(handle);
  output.item({ id, code, keys, outcome: 'replayed' });
  output.say(`${output.styled('green', 'replayed')} ${id}  ${code}  ${keys.map(shown).join(', ')}`);
  return undefined;
}

function unfitFor({ event, functionName }: Letter, { name }: EncryptTasks): Fault | undefined {
  if (event === undefined)
    return new Fault('event-invalid', 'Cannot replay it: the message is no dead letter');
  if (functionName === '' || functionName === name) return undefined;
  return new Fault(
    'event-invalid',
    `Cannot replay it: it is a letter of ${functionName}, whose next run does what this one did not`,
  );
}

/** 400 and 413: FC does not take this event; anything else it would say of every one. */
function isAboutEvent(error: unknown): error is Fault {
  return error instanceof Fault && [400, 413].includes(error.said?.status ?? 0);
}
