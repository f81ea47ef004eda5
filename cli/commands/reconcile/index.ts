import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { type Holding, holdings, sideBySide } from '../../cloud/holdings';
import type { Location } from '../../files/location';
import { secondsIn } from '../../session/deployment';
import { inOrder } from '../../session/in-order';
import { run, type Work } from '../../session/run';
import type { Session } from '../../session/session';
import { wholeNumber } from '../../terminal/whole-number';
import { headsByFunction, headsDirectly } from './heads';
import { type JudgeTools, judge } from './judge';
import { createReport } from './report';
import { unfinished } from './unfinished';

const HELP = `
It lists both buckets side by side (one call for 1000 versions each) and reads one header for each key of the vault: by
the decrypt function, one invocation each, or with --direct one ranged GET of 4 KiB each (needs oss:GetObject and
oss:GetObjectVersion on the vault). --prefix, --sample and --inbox make it cheaper. KMS is asked which\nkey is the deployment's, and nothing else.

Example:
  oss-envelope reconcile --prefix 2024/ --sample 0.01`;

export function reconcileCommand() {
  return new Command('reconcile')
    .description('whether inbox and vault together hold every upload that can be seen, and what is in doubt')
    .option('--prefix <prefix>', 'only keys that begin so', '')
    .addOption(new Option('--inbox', 'only what waits in the inbox').conflicts(['deep', 'sample', 'direct']))
    .option('--deep', 'read the header of every version in the vault, not only of those that may be newest')
    .option('--sample <share>', 'read the headers of this share of the keys, 0 to 1', readShare, 1)
    .option('--direct', 'read the vault with the own identity, not by the decrypt function')
    .option('--parallel <n>', 'keys that are looked at at once', wholeNumber(1, 64), 8)
    .option('--fix', 'hand what can be put right by it to the encrypt function, 20 a second')
    .addHelpText('after', HELP)
    .action((options, command) => run(command, (work) => reconcile(work, options)));
}

type Options = {
  prefix: string;
  inbox?: true | undefined;
  deep?: true | undefined;
  sample: number;
  direct?: true | undefined;
  parallel: number;
  fix?: true | undefined;
};

async function reconcile({ output, session: open }: Work, options: Options): Promise<void> {
  const session = await open();
  const { inboxBucket, vaultBucket } = session.deployment;
  const buckets = options.inbox ? [inboxBucket] : [inboxBucket, vaultBucket];
  const [inbox, vault] = buckets.map((bucket): Location => ({ bucket, key: options.prefix }));
  const report = createReport(session, output, options);
  let now = new Date(0);
  const pairs = sideBySide(
    inbox ? holdings(session, inbox) : none(),
    vault ? holdings(session, vault) : none(),
  );
  const tools = toolsOf(session, options);
  const work = async (pair: Parameters<typeof judge>[1]) => {
    now = pair.left?.answeredAt ?? pair.right?.answeredAt ?? now;
    return judge(tools(), pair);
  };
  for await (const judged of inOrder(pairs, options.parallel, work)) await report.key(judged);
  for (const place of [inbox, vault]) {
    if (place) await report.uploads(await unfinished(session, place, now.getTime() > 0 ? now : new Date()));
  }
  await report.end();
}

/** Asked for each key: whether its header is among the sample. */
function toolsOf(session: Session, { sample, direct, deep }: Options): () => JudgeTools {
  const { inboxBucket, vaultBucket, variables } = session.deployment;
  const head = direct ? headsDirectly(session) : headsByFunction(session);
  const tools = {
    inboxBucket,
    vaultBucket,
    isDeep: deep === true,
    grace: secondsIn(session.deployment, 'GRACE_SECONDS', 900) * 1000,
    accepting: { appendable: variables.ENVELOPE_APPENDABLE_QUIET_SECONDS !== undefined, archived: false },
  };
  return () => ({ ...tools, head: Math.random() < sample ? head : undefined });
}

async function* none(): AsyncGenerator<Holding> {}

function readShare(text: string): number {
  const share = Number(text);
  if (/^[\d.]+$/.test(text) && share >= 0 && share <= 1) return share;
  throw new InvalidArgumentError('Give a share from 0 to 1, for example 0.01.');
}
