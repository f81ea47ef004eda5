import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check, Part } from '../check';
import { COMPONENTS, installNpm, installRecorder } from '../recorded/record';
import { functionsIn, OUTPUTS, readPreview } from '../s-yaml/preview';
import { REQUIRED, runS } from '../s-yaml/serverless-devs';
import { type Change, startControlPlane } from './control-plane';

/** What Serverless Devs loads to deploy functions; it has them once it has deployed anything on this machine. */
const NEEDED = ['fc3', 'fc3-domain'];

/**
 * Part 6: what the real fc3 of this machine sends for a first deployment, to a control plane on loopback. `home` is
 * where Serverless Devs keeps its components; where fc3 is not among them the part is skipped, and says so.
 */
export async function realPart(home: string, preview: string): Promise<Part> {
  const name = '6 real fc3';
  const missing = NEEDED.filter((component) => !existsSync(join(home, COMPONENTS, component)));
  const skipped = `no ${missing.join(', no ')} in ${join(home, COMPONENTS)}`;
  if (missing.length > 0) return { name, checks: [], skipped };
  const { code, out, changes } = await deploy(home);
  const sent = functionsIn(readPreview(preview)).flatMap(([, props]) => checksOf(props, changes));
  const ends: Check = {
    name: 's deploy ends well',
    run: () => (code === 0 ? [] : [`it ends with ${code}`, out]),
  };
  return { name, checks: [ends, ...sent] };
}

async function deploy(home: string) {
  const own = await mkdtemp(join(tmpdir(), 'oss-envelope-real-'));
  const control = await startControlPlane();
  try {
    await installRecorder('ros', own);
    const linked = NEEDED.map((name) => symlink(join(home, COMPONENTS, name), join(own, COMPONENTS, name)));
    await Promise.all(linked);
    const bin = await installNpm(own, join(own, 'calls'));
    const loopback = {
      FC_CLIENT_CUSTOM_ENDPOINT: control.endpoint,
      FC_CODE_TEMP_OSS_ENDPOINT: control.endpoint,
    };
    const recorder = { RECORD: join(own, 'calls'), STACK_OUTPUTS: JSON.stringify(OUTPUTS) };
    const env = { ...REQUIRED, ...loopback, ...recorder, PATH: `${bin}:${process.env.PATH}` };
    const ended = await runS(['deploy', '-y', '-t', 's.yaml'], { home: own, env });
    return { ...ended, changes: control.changes };
  } finally {
    await control.close();
    await rm(own, { recursive: true, force: true });
  }
}

function checksOf(props: Record<string, unknown>, changes: Change[]): Check[] {
  const { functionName, role, environmentVariables, timeout, memorySize, asyncInvokeConfig } = props;
  const triggers = [props.triggers ?? []].flat().map((one) => String(Object(one).triggerName));
  const bodyOf = (end: string, key: string, value: unknown) =>
    changes.find(({ path, body }) => path.endsWith(end) && Object(body)[key] === value)?.body;
  return [
    {
      name: `${functionName} is made as s.yaml says`,
      run: () =>
        different(bodyOf('/functions', 'functionName', functionName), {
          role,
          environmentVariables,
          timeout,
          memorySize,
        }),
    },
    ...triggers.map(
      (trigger): Check => ({
        name: `its trigger ${trigger}, too`,
        run: () => (bodyOf(`/${functionName}/triggers`, 'triggerName', trigger) ? [] : ['it was not sent']),
      }),
    ),
    ...(asyncInvokeConfig === undefined
      ? []
      : [asyncCheck(String(functionName), asyncInvokeConfig, changes)]),
  ];
}

function asyncCheck(functionName: string, config: unknown, changes: Change[]): Check {
  const { maxAsyncRetryAttempts, destinationConfig } = Object(config);
  const sent = changes.find(({ path }) => path.endsWith(`/${functionName}/async-invoke-config`))?.body;
  return {
    name: `${functionName} is tried again and then sent to the queue`,
    run: () => different(sent, { maxAsyncRetryAttempts, destinationConfig }),
  };
}

function different(sent: unknown, expected: Record<string, unknown>): string[] {
  return Object.entries(expected).flatMap(([name, value]) => {
    const [one, other] = [JSON.stringify(Object(sent)[name]), JSON.stringify(value)];
    return one === other ? [] : [`${name} is ${one} and not ${other}`];
  });
}
