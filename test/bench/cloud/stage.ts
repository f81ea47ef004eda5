import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import FC from '@alicloud/fc2';
import type { Report } from '../../../infra/local/fc/server';
import { deployLocally, type LocalDeployment } from '../../../infra/run/deployment';
import { type Calls, createCalls } from './calls';
import { writeServices } from './functions';
import type { Planted } from './plant';
import { createReports } from './reports';

/** The built functions on a local cloud in this process. Nobody is told of uploads: the bench says what is sealed when. */
export type Stage = {
  local: LocalDeployment;
  /** Invokes a function and waits. Throws where it fails. */
  invoke(name: FunctionName, payload: unknown): Promise<Report>;
  /** Seals an upload. Throws where anything else comes of it. */
  seal(upload: Planted): Promise<Report>;
  /** Opens the newest envelope of a key. */
  open(key: string): Promise<Report>;
  /** The calls that functions have made since this was asked before. */
  takeCalls(): Calls;
  /** Lets go of the instances: the next invocation has a new one. */
  renew(name: FunctionName): Promise<void>;
  close(): Promise<void>;
};

export type FunctionName = 'encrypt' | 'decrypt' | 'sweep' | 'bare';

export type StageOptions = {
  data: string;
  /** Plaintext in a part, bytes; the functions' default where absent. */
  partBytes?: number;
  /** The most instances of one function. */
  instances: number;
};

export async function startStage({ data, partBytes, instances }: StageOptions): Promise<Stage> {
  mkdirSync(data, { recursive: true });
  const reports = createReports();
  const calls = createCalls();
  const local = await deployLocally({
    data,
    sYaml: await writeServices(data),
    template: resolve('infra/template.yaml'),
    runtime: resolve('dist/local/runtime.js'),
    ...(partBytes && { variables: { ENVELOPE_PART_BYTES: String(partBytes) } }),
    retryDelayMs: 0,
    instanceLimit: instances,
    onReport: reports.add,
    hooks: { before: async (call) => calls.count(call) },
  });
  local.cloud.faults.add({ match: { service: 'event', key: '*' }, times: 1e9, do: { drop: true } });
  const client = fcClient(local);

  async function invoke(name: FunctionName, payload: unknown): Promise<Report> {
    const path = `/functions/${nameOf(name)}/invocations`;
    const { headers } = await client.request('POST', path, {}, JSON.stringify(payload), {
      'x-fc-invocation-type': 'Async',
    });
    const report = await reports.of(headers['x-fc-request-id'] ?? '');
    if (report.error)
      throw new Error(`Cannot ${name}: ${report.error.errorMessage} ${report.logs.join(' ')}`);
    return report;
  }

  async function seal(upload: Planted): Promise<Report> {
    return expecting('sealed', await invoke('encrypt', eventOf(upload)));
  }

  async function open(key: string): Promise<Report> {
    return expecting('opened', await invoke('decrypt', { key }));
  }

  const renew = (name: FunctionName) => local.fc.kill(nameOf(name));
  return { local, invoke, seal, open, takeCalls: calls.take, renew, close: local.close };
}

function nameOf(name: FunctionName): string {
  return name === 'bare' ? name : `oss-envelope-${name}`;
}

function fcClient({ cloud, fc, owner }: LocalDeployment): FC {
  const { accessKeyId: accessKeyID, accessKeySecret } = owner.credentials;
  const client = new FC(cloud.accountId, {
    accessKeyID,
    accessKeySecret,
    region: cloud.region,
    endpoint: fc.endpoint,
  });
  client.version = '2023-03-30';
  return client;
}

function eventOf({ bucket, key, eTag, versionId }: Planted) {
  const oss = { bucket: { name: bucket }, object: { key, eTag, versionId } };
  return { events: [{ eventName: 'ObjectCreated:PutObject', oss }] };
}

function expecting(outcome: string, report: Report): Report {
  if (report.logs.some((line) => line.includes(`"outcome":"${outcome}"`))) return report;
  throw new Error(`Cannot measure this: not ${outcome}, but ${report.logs.join(' ')}`);
}
