import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readFunctions } from '../../declared/functions';
import { deployLocally, type LocalDeployment } from '../../run/deployment';
import type { Check, Part } from '../check';
import { ACCOUNT } from '../s-yaml/serverless-devs';
import { type Call, type Recording, recordRun } from './record';
import { replayCalls } from './replay';

/** What an operator types; where no stack is, what the component ros answers instead of its outputs. */
const COMMANDS = {
  's deploy': { args: ['deploy'] },
  's sweep deploy': { args: ['sweep', 'deploy', '-y'] },
  's decrypt deploy, without a stack': {
    args: ['decrypt', 'deploy', '-y'],
    outputs: { error: 'StackNotFound' },
  },
  's alarms deploy': { args: ['alarms', 'deploy', '-y'] },
  's plan': { args: ['plan'] },
  's remove': { args: ['remove'] },
};

type Command = keyof typeof COMMANDS;

/** Recordings of commands, and a local cloud to play the first of them to. */
type Stage = { recorded: Map<Command, Recording>; local: LocalDeployment; data: string };

/** `only`: of all commands this one; what the others do is not checked. */
type RecordedOptions = { sYaml?: string; only?: Command };

const FUNCTIONS = ['encrypt', 'decrypt', 'sweep'];

/** Part 5: the real `s deploy`, `s plan` and `s remove`; what they told the components runs in the local cloud. */
export async function recordedPart(runtime: string, options: RecordedOptions = {}): Promise<Part> {
  const stage = await startStage(runtime, options);
  const close = async () => {
    await stage.local.close();
    await rm(stage.data, { recursive: true, force: true });
  };
  return { name: '5 s deploy', checks: checksOf(stage), close };
}

async function startStage(runtime: string, { sYaml = 's.yaml', only }: RecordedOptions): Promise<Stage> {
  const data = await mkdtemp(join(tmpdir(), 'oss-envelope-recorded-'));
  const local = await deployLocally({ data, sYaml: resolve('s.yaml'), runtime });
  const options = { env: local.env, outputs: local.stack.outputs, sYaml };
  const commands = (Object.keys(COMMANDS) as Command[]).filter((name) => name === (only ?? name));
  const recordings = commands.map(async (name) => {
    const { args, ...answer } = COMMANDS[name];
    return [name, await recordRun(args, { ...options, ...answer })] as const;
  });
  return { recorded: new Map(await Promise.all(recordings)), local, data };
}

function checksOf({ recorded, local, data }: Stage): Check[] {
  const ends = [...recorded].map(([name, { code, out }]): Check => {
    const [word, expected] = name === 's decrypt deploy, without a stack' ? ['badly', 101] : ['well', 0];
    return {
      name: `${name} ends ${word}, without any network`,
      run: () => (code === expected ? [] : [`it ends with ${code}`, out]),
    };
  });
  const own = [...recorded].flatMap(([name, recording]) => checksFor[name](recording, { local, data }));
  return [...ends, ...own];
}

type World = Pick<Stage, 'local' | 'data'>;

const checksFor: Record<Command, (recording: Recording, world: World) => Check[]> = {
  's deploy': (deploy, { local, data }) => [
    {
      name: 's deploy builds, then makes the stack, then deploys the functions, and nothing else',
      run: () =>
        same(changes(deploy), [
          'npm run build',
          'npm run env:check',
          'ros infra deploy',
          ...FUNCTIONS.map((name) => `fc3 ${name} deploy`),
        ]),
    },
    { name: 'without -y each function asks before it is changed', run: () => asks(deploy) },
    { name: 'every value was resolved', run: () => deploy.calls.flatMap(unresolved) },
    { name: 'the stack was told what the local cloud makes', run: () => checkStack(deploy, local) },
    { name: 'the local cloud reads the same from s.yaml', run: () => checkReader(deploy, local) },
    {
      name: 'what was recorded runs in the local cloud: upload, seal, open',
      run: () => replayCalls(deploy.calls, local, data),
    },
  ],
  's sweep deploy': (one) => [
    {
      name: 's sweep deploy deploys one function and only reads the stack',
      run: () => same(changes(one), ['npm run build', 'npm run env:check', 'fc3 sweep deploy']),
    },
  ],
  's decrypt deploy, without a stack': (refused) => [
    {
      name: 'it deploys nothing, and says what the stack did not answer',
      run: () => [
        ...same(changes(refused), ['npm run build', 'npm run env:check']),
        ...(refused.out.includes('environmentVariables.ENVELOPE_KMS_KEY_ARNS is still') ? [] : [refused.out]),
      ],
    },
  ],
  's alarms deploy': (one) => [
    {
      name: 's alarms deploy deploys the other stack, and only reads the first',
      run: () => same(changes(one), ['npm run build', 'npm run env:check', 'ros alarms deploy']),
    },
    { name: 'the alarms are told of the key', run: () => one.calls.flatMap(unresolved) },
  ],
  's plan': (plan) => [{ name: 's plan changes nothing', run: () => same(changes(plan), []) }],
  's remove': (remove) => [
    {
      name: 's remove removes the functions and leaves the stack',
      run: () =>
        same(changes(remove), ['npm run env:check', ...FUNCTIONS.map((name) => `fc3 ${name} remove`)]),
    },
    { name: 'without -y it asks before it removes a function', run: () => asks(remove) },
  ],
};

/** What was done, in order. */
function changes({ calls }: Recording): string[] {
  const doing = calls.filter(({ method }) => !['info', 'plan'].includes(method));
  return doing.map(({ component, resource, method }) =>
    component === 'npm' ? `npm ${method}` : `${component} ${resource} ${method}`,
  );
}

/** To the functions of a layer `s` itself says -y, where there are several. */
function asks({ calls }: Recording): string[] {
  return calls.filter(({ args }) => args.includes('-y')).map((call) => `${call.resource} is told -y`);
}

function same(found: unknown, expected: unknown): string[] {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  return one === other ? [] : [`${one}\nand not ${other}`];
}

function unresolved({ resource, props }: Call): string[] {
  return [...JSON.stringify(props).matchAll(/\$\{[^}]*\}/g)].map(([text]) => `${resource}: ${text}`);
}

function checkStack({ calls }: Recording, { stack }: LocalDeployment): string[] {
  const props = calls.find(({ component, method }) => component === 'ros' && method === 'deploy')?.props;
  return [
    ...same(props?.parameters, stack.parameters),
    ...same(props?.template, resolve('infra/template.yaml')),
  ];
}

async function checkReader({ calls }: Recording, { env, stack }: LocalDeployment): Promise<string[]> {
  const infos = { infra: stack.outputs };
  const functions = await readFunctions('s.yaml', { env, accountId: ACCOUNT, infos });
  return functions.flatMap((own) => {
    const props = calls.find(
      (call) => call.method === 'deploy' && call.props.functionName === own.name,
    )?.props;
    const { code, role, timeout, memorySize, environmentVariables } = props ?? {};
    const expected = { code: resolve(String(code)), role, timeout, memorySize, environmentVariables };
    return same(
      {
        code: own.code,
        role: own.role,
        timeout: own.timeout,
        memorySize: own.memorySize,
        environmentVariables: own.environmentVariables,
      },
      expected,
    );
  });
}
