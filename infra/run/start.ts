import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { announce } from '../../cli/session/local-cloud';
import { readVariables } from '../../cli/session/variables';
import { checkArguments } from '../../cli/terminal/argv';
import { humanBytes } from '../../cli/terminal/human';
import { interrupted } from '../../cli/terminal/interrupted';
import { runProgram } from '../../cli/terminal/program';
import type { Report } from '../local/fc/server';
import { firstPort, parseArguments, refuseEmpty } from './arguments';
import { deployLocally, type LocalDeployment, variablesHere } from './deployment';
import { type LocalFile, localFiles, sampleFiles } from './files';
import { sendFileThrough } from './journey';
import { showPlaces } from './places';
import { localCloudOf } from './running';
import { type StorageMeter, storageMeter } from './storage-meter';

const USAGE = 'Usage: npm start -- [--once] [--port N] [--data DIR] [FILE...]';
const ROOT = resolve(__dirname, '../..');

type Arguments = { once: boolean; port: number | undefined; data: string; paths: string[] };

/** The local cloud with the product on it: sends files all the way before the user's eyes, then stays up. */
async function main(): Promise<number> {
  checkArguments();
  const stopped = interrupted();
  const { once, port, data, paths } = readArguments(process.argv.slice(2));
  const { variables, replaced } = variablesHere(readVariables());
  const samples = paths.length === 0 ? await sampleFiles() : undefined;
  try {
    const files = await localFiles(samples?.paths ?? paths);
    const reports: Report[] = [];
    const meter = storageMeter();
    const local = await deployLocally({
      data: resolve(data),
      sYaml: resolve(ROOT, 's.yaml'),
      variables,
      runtime: resolve(__dirname, 'runtime.js'),
      hooks: meter.hooks,
      onReport: (report) => reports.push(report),
      ...(port !== undefined && portsFrom(port)),
    });
    showVariables(Object.keys(variables), replaced);
    await announce(resolve(data), localCloudOf(local.cloud, local.fc, namesOf(local)));
    return await Promise.race([stopped, serve(local, { meter, files, reports, once, data })]).finally(
      local.close,
    );
  } finally {
    await samples?.remove();
  }
}

function showVariables(taken: string[], replaced: string[]): void {
  if (taken.length > 0) console.log(`Of .env and the environment: ${taken.join(', ')}.`);
  if (replaced.length > 0)
    console.log(`Not of them, for the local cloud has its own: ${replaced.join(', ')}.`);
}

/** What it was deployed with, for whoever asks it later, beside another .env. */
function namesOf({ stack: { parameters } }: LocalDeployment): Record<string, string> {
  const names = ['Name', 'InboxBucket', 'VaultBucket', 'DownloadsBucket', 'AccessLogBucket'];
  return Object.fromEntries(
    names.map((name) => [`ENVELOPE${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`, parameters[name] ?? '']),
  );
}

type Show = { meter: StorageMeter; files: LocalFile[]; reports: Report[]; once: boolean; data: string };

async function serve(local: LocalDeployment, { meter, files, reports, once, data }: Show): Promise<number> {
  console.log(
    `A local cloud is up: OSS, KMS and Function Compute on 127.0.0.1, its stack and functions deployed from s.yaml.`,
  );
  let identical = 0;
  for (const file of files) if (await journeyOrWhy(local, meter, file, reports)) identical++;
  console.log(`\n${identical} of ${files.length} files came back identical.`);
  showMemory(reports);
  if (once) return identical === files.length ? 0 : 1;
  showPlaces(local, data);
  return new Promise<never>(() => {});
}

/** A file that fails does not keep the others from their turn. */
async function journeyOrWhy(
  local: LocalDeployment,
  meter: StorageMeter,
  file: LocalFile,
  reports: Report[],
): Promise<boolean> {
  const before = reports.length;
  try {
    return await sendFileThrough(local, meter, file);
  } catch (error) {
    console.error(`  ${(error as Error).message}`);
    for (const { functionName, logs, error: failed } of reports.slice(before)) {
      // One that is configured wrongly does not get as far as a line of its own.
      const lines = failed && logs.length === 0 ? [failed.errorMessage] : failed ? logs : [];
      for (const line of new Set(lines)) console.error(`  ${functionName}: ${line}`);
    }
    return false;
  }
}

function showMemory(reports: Report[]): void {
  for (const name of new Set(reports.map((report) => report.functionName))) {
    const own = reports.filter((report) => report.functionName === name);
    const peak = Math.max(...own.map((report) => report.maxMemoryBytes));
    console.log(
      `${name}: ${own.length} invocation${own.length === 1 ? '' : 's'}, peak memory ${humanBytes(peak)}`,
    );
  }
}

function readArguments(argv: string[]): Arguments {
  const options = {
    once: { type: 'boolean', default: false },
    port: { type: 'string' },
    data: { type: 'string', default: '.data' },
  } as const;
  const { values, positionals } = parseArguments(
    () => refuseEmpty(parseArgs({ args: argv, options, allowPositionals: true })),
    USAGE,
  );
  const port = firstPort(values.port, 5);
  return { once: values.once, port, data: values.data, paths: positionals };
}

/** Five services side by side, OSS first. */
function portsFrom(port: number) {
  const http = { 'oss-envelope-decrypt': port + 2 };
  return { ports: { oss: port, kms: port + 1, http, fc: port + 3 }, downloadsPort: port + 4 };
}

runProgram(main);
