import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { announce } from '../../cli/session/local-cloud';
import { type Cloud, startCloud } from '../../infra/local/cloud';
import { localCloudOf } from '../../infra/run/running';

// node cloud.js <folder>: keeps a local cloud up until it is killed; <folder>/environment says where, in shell syntax.
// <folder> holds fc/runtime.ts, bundled, as runtime.js.

const ECHO = `exports.handler = async (event, context) =>
  JSON.stringify({ event: event.toString(), function: context.function.name, requestId: context.requestId })`;

const FAIL = `exports.handler = async () => { throw new TypeError('thrown on purpose') }`;

// The only way to see from outside that an asynchronous invocation happened: a later one is told of it.
const REMEMBER = `const events = []
exports.handler = async (event) => {
  if (event.length > 0) events.push(event.toString())
  return JSON.stringify(events)
}`;

const FUNCTIONS = { echo: ECHO, fail: FAIL, remember: REMEMBER };

async function main(folder: string): Promise<void> {
  const data = join(folder, 'data');
  const cloud = await startCloud({
    data,
    runtime: join(folder, 'runtime.js'),
    instanceLimit: 1,
    retryDelayMs: 0,
  });
  const stop = () => void cloud.close().then(() => process.exit());
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const fc = await cloud.deploy(await writeApp(join(folder, 'app'), cloud.region), {});
  await announce(data, localCloudOf(cloud, fc));
  await tell(join(folder, 'environment'), { ...environmentOf(cloud, fc.endpoint), DATA: data });
}

async function writeApp(folder: string, region: string): Promise<string> {
  const resources: Record<string, unknown> = {};
  for (const [name, code] of Object.entries(FUNCTIONS)) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'index.js'), code);
    resources[name] = {
      component: 'fc3',
      props: {
        region,
        functionName: name,
        runtime: 'nodejs20',
        handler: 'index.handler',
        code: `./${name}`,
        memorySize: 128,
        timeout: 10,
      },
    };
  }
  const file = join(folder, 's.yaml');
  await writeFile(file, stringify({ edition: '3.0.0', name: 'interop', resources }));
  return file;
}

function environmentOf({ oss, kms, root, accountId, region }: Cloud, fcEndpoint: string) {
  return {
    OSS_ENDPOINT: oss.endpoint,
    KMS_ENDPOINT: kms.endpoint,
    FC_ENDPOINT: fcEndpoint,
    ACCESS_KEY_ID: root.accessKeyId,
    ACCESS_KEY_SECRET: root.accessKeySecret,
    ACCOUNT_ID: accountId,
    REGION: region,
  };
}

// The rename makes the file appear whole.
async function tell(file: string, environment: Record<string, string>): Promise<void> {
  const lines = Object.entries(environment).map(([name, value]) => `${name}='${value}'\n`);
  await writeFile(`${file}.new`, lines.join(''));
  await rename(`${file}.new`, file);
}

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('Cannot start the cloud: no folder is given');
void main(folder);
