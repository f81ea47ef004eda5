import { join } from 'node:path';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { helpOn, optionsOf } from '../session/options';
import { bundled, ROOT } from '../session/release';
import { Failure } from '../terminal/failure';
import { wholeNumber } from '../terminal/whole-number';

const HELP = `
It listens on 127.0.0.1 and nowhere else, tells endpoints and keys, and keeps what it is given in the folder of --data.
Commands with --local work on it. infra/local/README.md tells of seeds, faults and what it does not have.

Examples:
  oss-envelope cloud
  oss-envelope cloud --port 9000 --data /tmp/cloud --seed seed.json
  oss-envelope cloud --s-yaml s.yaml --template infra/template.yaml`;

export function cloudCommand() {
  return new Command('cloud')
    .description(
      'keeps OSS, KMS, MNS, STS and Function Compute up on this machine until Ctrl-C (needs no account)',
    )
    .option(
      '--port <n>',
      'the first of their ports, one beside the other (default: free ones)',
      wholeNumber(1, 65_535),
    )
    .option('--seed <file>', 'JSON: the keys, buckets and access keys that are there from the start')
    .option('--allow-v1', 'every bucket takes OSS signatures of version 1')
    .option('--s-yaml <file>', 'deploys the functions of a file of Serverless Devs')
    .option('--template <file>', 'makes what a template of ROS declares, and grants what it grants')
    .option('--parameter <name=value>', 'a parameter of the template; may be repeated', repeated, [])
    .addHelpText('after', HELP)
    .action(cloud);
}

/** Of what all commands take. */
const USEFUL = /^--(local|data|no-color)$/;

function repeated(text: string, before: string[]): string[] {
  return [...before, text];
}

/** The program of `npm run cloud`, in this process, which it ends. */
async function cloud(_options: object, command: CommandUnknownOpts): Promise<never> {
  refuseShared(command);
  const { data } = optionsOf(command, { local: true });
  await bundled('functions', 'runtime', 'cloud');
  process.argv.splice(2, process.argv.length, `--data=${data}`, ...ownOptions(command));
  await import(join(ROOT, 'dist/local/cloud.js'));
  return new Promise<never>(() => {});
}

/** Region, account and endpoints are its own. */
function refuseShared(command: CommandUnknownOpts): void {
  const shared = command.options.filter(({ hidden, long }) => hidden && !USEFUL.test(`${long}`));
  const idle = shared.find((one) => command.getOptionValueSourceWithGlobals(one.attributeName()) === 'cli');
  if (!idle) return;
  throw new Failure('usage-wrong', `Cannot use ${idle.long}: it means nothing to a cloud of this machine`, {
    todo: helpOn(command),
  });
}

/** As that program reads them. */
function ownOptions(command: CommandUnknownOpts): string[] {
  const own = command.options.filter(({ hidden }) => !hidden);
  return own.flatMap((option) => {
    const values = [command.getOptionValue(option.attributeName()) ?? []].flat();
    return values.map((value) => (value === true ? `${option.long}` : `${option.long}=${value}`));
  });
}
