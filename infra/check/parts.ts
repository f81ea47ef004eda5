import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Result, runPart } from './check';
import { permissionsPart } from './permissions/part';
import { posturePart } from './posture/part';
import { realPart } from './real/part';
import { recordedPart } from './recorded/part';
import { sYamlPart } from './s-yaml/part';
import { previewSYaml, REQUIRED } from './s-yaml/serverless-devs';
import { templatePart } from './template/part';

/** The files that describe a deployment, and what stands beside them. */
type Files = {
  template: string;
  alarms: string;
  sYaml: string;
  envExample: string;
  questions: string;
  preview: string;
};

async function readFiles(): Promise<Files> {
  const read = (file: string) => readFile(file, 'utf8');
  return {
    template: await read('infra/template.yaml'),
    alarms: await read('infra/alarms.yaml'),
    sYaml: await read('s.yaml'),
    envExample: await read('.env.example'),
    questions: await read('infra/check/permissions/questions.txt'),
    preview: await previewed(),
  };
}

async function previewed(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'oss-envelope-preview-'));
  try {
    return await previewSYaml({ home, env: REQUIRED });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Everything about a deployment that can be proven without an account. `runtime`: path of the built fc/runtime.ts. */
export async function checkDeployment(runtime: string): Promise<Result[]> {
  const files = await readFiles();
  const results: Result[] = [];
  for (const open of [
    () => templatePart(files),
    () => permissionsPart(files.template, files.questions),
    () => posturePart(files),
    () => sYamlPart(files),
    () => recordedPart(runtime),
    () => realPart(process.env.serverless_devs_config_home ?? homedir(), files.preview),
  ]) {
    results.push(await runPart(open));
  }
  return results;
}
