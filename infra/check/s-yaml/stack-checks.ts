import { existsSync, readFileSync } from 'node:fs';
import { readYaml } from '../template/document';
import { builtFrom, namesOf } from './built-stack';
import { functionsIn, OUTPUTS, type Preview } from './preview';
import { ACCOUNT } from './serverless-devs';

const ROLE: [string, string] = ['ALIYUN::RAM::Role', 'RoleName'];

/** s writes role ARNs in lower case, whatever they are. */
export function checkRoles(preview: Preview, template: string): string[] {
  const declared = namesOf(preview, template, ROLE).map((name) => `acs:ram::${ACCOUNT}:role/${name}`);
  const used = [...textsIn(preview.resources)].filter((text) => text.startsWith('acs:ram::'));
  return [
    ...used.filter((role) => !declared.includes(role)).map((role) => `${role} is not of the template`),
    ...declared.filter((role) => !used.includes(role)).map((role) => `${role} is nobody's`),
    ...used.filter((role) => role !== role.toLowerCase()).map((role) => `${role} is not in lower case`),
  ];
}

export function checkArns({ resources }: Preview): string[] {
  const [region] = Object.values(resources).map(({ props }) => String(props.region));
  const arns = [...textsIn(resources)].filter((text) => /^acs:/.test(text));
  const own = new RegExp(`^acs:(ram::|\\w+:${region}:)${ACCOUNT}:`);
  return arns.filter((arn) => !own.test(arn)).map((arn) => `${arn} is of another region or account`);
}

export function checkWiring(preview: Preview, template: string): string[] {
  const { region } = Object(preview.resources.infra?.props);
  const buckets = namesOf(preview, template, ['ALIYUN::OSS::Bucket', 'BucketName']);
  const queues = namesOf(preview, template, ['ALIYUN::MNS::Queue', 'QueueName']);
  const sources = buckets.map((name) => `acs:oss:${region}:${ACCOUNT}:${name}`);
  const destinations = queues.map((name) => `acs:mns:${region}:${ACCOUNT}:/queues/${name}/messages`);
  const given = [...textsIn(preview.resources)].filter((text) => /^acs:(oss|mns):/.test(text));
  const { encrypt } = preview.resources;
  const [trigger] = [encrypt?.props.triggers ?? []].flat();
  const { ENVELOPE_INBOX_BUCKET: inbox } = Object(encrypt?.props.environmentVariables);
  return [
    ...given.filter((arn) => ![...sources, ...destinations].includes(arn)).map((arn) => `${arn} is not made`),
    ...(Object(trigger).sourceArn === `acs:oss:${region}:${ACCOUNT}:${inbox}`
      ? []
      : ['the trigger is not the inbox']),
  ];
}

export function checkLogs(preview: Preview, template: string): string[] {
  const { LogProject, Logstore } = builtFrom(preview, template).outputs();
  return functionsIn(preview).flatMap(([name, { logConfig }]) => {
    const { project, logstore } = Object(logConfig);
    return project === LogProject && logstore === Logstore ? [] : [`${name} logs to ${project}/${logstore}`];
  });
}

export function checkFunctionNames(preview: Preview, template: string): string[] {
  const { resources } = builtFrom(preview, template);
  const names = functionsIn(preview).map(([, { functionName }]) => functionName);
  const texts = [...textsIn([...resources.values()].map(({ properties }) => properties))];
  const named = texts.flatMap((text) => /^acs:fc:[^:]*:[^:]*:functions\/([^/]+)/.exec(text)?.[1] ?? []);
  return [...new Set(named)].filter((name) => !names.includes(name)).map((name) => `there is no ${name}`);
}

/** What is made is watched by name, from the other template. */
export function checkAlarms(preview: Preview, template: string): string[] {
  const { LogProject, Logstore, DeadLetterQueue } = builtFrom(preview, template).outputs();
  const alarms = readFileSync(String(preview.resources.alarms?.props.template), 'utf8');
  const { resources } = builtFrom(preview, alarms, 'alarms');
  const watched = [...textsIn([...resources.values()].map(({ properties }) => properties))];
  const made = [LogProject, Logstore, DeadLetterQueue];
  return made.filter((name) => !watched.includes(String(name))).map((name) => `no alarm is about ${name}`);
}

const declarations = new Map<string, { Parameters: object; Outputs: object }>();

function declaredIn(path: string): { Parameters: object; Outputs: object } {
  const declared = declarations.get(path) ?? Object(readYaml(readFileSync(path, 'utf8')));
  declarations.set(path, declared);
  return declared;
}

export function checkParameters({ resources }: Preview): string[] {
  const stacks = Object.values(resources).filter(isStack);
  const { template } = Object(resources.infra?.props);
  return [
    ...stacks.flatMap(({ props }) => parameterFindings(props)),
    ...Object.keys(OUTPUTS)
      .filter((name) => existsSync(template) && !Object.hasOwn(declaredIn(template).Outputs, name))
      .map((name) => `no output ${name}`),
  ];
}

function parameterFindings(props: Record<string, unknown>): string[] {
  const path = String(props.template);
  if (!existsSync(path)) return [`there is no ${path}`];
  const parameters = Object(props.parameters);
  const [given, known] = [Object.keys(parameters), Object.keys(declaredIn(path).Parameters)];
  return [
    ...given.filter((name) => !known.includes(name)).map((name) => `${name} is no parameter`),
    ...known.filter((name) => !given.includes(name)).map((name) => `${name} is not given`),
    ...given.filter((name) => typeof parameters[name] !== 'string').map((name) => `${name} is not a text`),
  ];
}

function isStack({ component }: { component: string }): boolean {
  return /^ros(@|$)/.test(component);
}

/** One resource a layer: to several side by side `s` adds -y, and the actions of one run with the values of another. */
export function checkFlow({ flow, resources }: Preview): string[] {
  const functions = Object.keys(resources)
    .filter((name) => !isStack(Object(resources[name])))
    .map((name) => [name]);
  const expected = { deploy: [['infra'], ...functions], remove: functions };
  const same = JSON.stringify(flow) === JSON.stringify(expected);
  return same ? [] : [`flow is ${JSON.stringify(flow)}`];
}

/** What the stack does not answer `s` would deploy as the text of s.yaml. */
export function checkGuard(preview: Preview): string[] {
  const names = functionsIn(preview).map(([name]) => name);
  return names
    .filter((name) => {
      const [first] = [preview.resources[name]?.actions?.['pre-deploy'] ?? []].flat();
      return !String(Object(first).plugin).endsWith('/infra/unresolved.cjs');
    })
    .map((name) => `${name} is deployed with whatever the stack does not answer`);
}

export function checkBuild({ actions }: Preview): string[] {
  const runs = (name: string) => [actions[name] ?? []].flat().map((action) => Object(action).run);
  const looks = ['pre-deploy', 'pre-remove'].filter((name) => !runs(name).includes('npm run env:check'));
  return [
    ...(runs('pre-deploy')[0] === 'npm run build' ? [] : ['pre-deploy does not build']),
    ...looks.map((name) => `${name} does not look at the names in .env`),
  ];
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  if (typeof value === 'object' && value !== null)
    for (const one of Object.values(value)) yield* textsIn(one);
}
