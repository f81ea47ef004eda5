import { type CommandUnknownOpts, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { Failure } from '../terminal/failure';
import { DATA } from './local-cloud';

/** What every command takes, beside its own. */
export type SharedOptions = {
  local?: true;
  data: string;
  profile?: string;
  region?: string;
  account?: string;
  env?: string;
  ossEndpoint?: string;
  kmsEndpoint?: string;
  fcEndpoint?: string;
  mnsEndpoint?: string;
  json?: true;
  color: boolean;
};

const sharedOptions = () => [
  new Option('--local', 'the local cloud that runs on this machine, instead of Alibaba Cloud'),
  new Option('--data <dir>', 'with --local: its data folder').default(DATA),
  new Option(
    '--profile <name>',
    'a profile of ~/.aliyun/config.json, instead of the environment or the current one',
  ),
  new Option('--region <id>', 'the region, else ENVELOPE_REGION of the environment or of --env'),
  new Option('--account <id>', 'the account, else what STS says'),
  new Option('--env <file>', 'the deployment, as s.yaml takes it, else .env where that is there'),
  new Option('--oss-endpoint <url>', 'of OSS, else its public one of the region'),
  new Option('--kms-endpoint <url>', 'of KMS, else its public one of the region'),
  new Option('--fc-endpoint <url>', 'of Function Compute, else the public one of account and region'),
  new Option('--mns-endpoint <url>', 'of MNS, else the public one of account and region'),
  new Option('--json', 'JSON Lines on standard output: one object for each item, then one for the whole'),
  new Option('--no-color', 'no colours (nor are there any in a pipe, or where NO_COLOR is set)'),
];

/**
 * The shared options on a command and all below it: before the name of a command and behind it they mean the same, and what is
 * behind it is never taken for an option of another. `given`: the names of options that have a value.
 */
export function prepare(command: CommandUnknownOpts, given = new Set<string>()): void {
  command.enablePositionalOptions();
  command.exitOverride((error) => {
    throw Object.assign(error, { todo: helpOn(command) });
  });
  for (const option of sharedOptions()) command.addOption(command.parent ? option.hideHelp() : option);
  for (const option of command.options) if (option.required || option.optional) guard(option, given);
  for (const below of command.commands) {
    below.copyInheritedSettings(command);
    prepare(below, given);
  }
}

/** What to do about a command that was misused. */
export function helpOn(command: CommandUnknownOpts): string {
  const names: string[] = [];
  for (let at: CommandUnknownOpts | null = command; at; at = at.parent) names.unshift(at.name());
  return `see ${names.join(' ')} --help`;
}

/** A value that is empty, another option, or the second one where there is no list of them, was not meant. */
function guard(option: Option, given: Set<string>): void {
  const { parseArg, long } = option;
  option.argParser((text: string, before: unknown) => {
    if (text === '') throw new InvalidArgumentError('It is empty.');
    if (/^--?[a-z]/i.test(text) && process.argv.includes(text))
      throw new InvalidArgumentError(`It is an option; a value that begins so is given as ${long}=${text}`);
    if (given.has(String(long)) && !Array.isArray(before))
      throw new InvalidArgumentError('It was given before.');
    given.add(String(long));
    return parseArg ? parseArg(text, before) : text;
  });
}

type Given = Record<string, unknown>;

/**
 * What was given before the command and behind it, over what the command takes for given. Throws `usage-wrong` for an option
 * that would mean nothing.
 */
export function optionsOf(command: CommandUnknownOpts, assumed: Given = {}): SharedOptions {
  const all: CommandUnknownOpts[] = [];
  for (let at: CommandUnknownOpts | null = command; at; at = at.parent) all.unshift(at);
  const given = Object.assign({ ...assumed }, ...all.map(givenTo)) as Given;
  for (const option of all.flatMap(({ options }) => options)) refuseIdle(option, given);
  if (given.local && given.profile !== undefined)
    throw new Failure(
      'usage-wrong',
      'Cannot use --profile with --local: the local cloud has credentials of its own',
    );
  return { ...(all[0]?.opts() as SharedOptions), ...given };
}

function givenTo(command: CommandUnknownOpts): Given {
  const all = Object.entries(command.opts() as Given);
  return Object.fromEntries(all.filter(([name]) => command.getOptionValueSource(name) === 'cli'));
}

/** Help says `with --other:` of what means nothing without it. */
function refuseIdle(option: Option, given: Given): void {
  const [, needed = ''] = /^with (--[a-z-]+):/.exec(option.description) ?? [];
  if (needed === '' || given[option.attributeName()] === undefined) return;
  if (given[new Option(needed).attributeName()] !== undefined) return;
  throw new Failure('usage-wrong', `Cannot use ${option.long}: without ${needed} it means nothing`);
}
