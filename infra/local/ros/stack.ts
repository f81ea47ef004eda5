import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inWaves } from '../../declared/order';
import { TYPES } from '../../declared/resource-types';
import { type Resource, readTemplate, type Template } from '../../declared/template';
import { readJson, saveJson } from '../data/saved-json';
import { makeBucket } from './bucket';
import { makeAlias, makeKey } from './key';
import { makeQueue } from './queue';
import type { Made, Make, Services } from './services';

export type StackOptions = {
  /** The cloud's data folder; what was made is kept in `<data>/ros/stack.json`. */
  data: string;
  /** Path of a ROS template. */
  template: string;
  accountId: string;
  region: string;
  services: () => Services;
};

export type Stack = {
  /**
   * Makes what the template declares and is not there, changes what it now declares otherwise, and resolves with its
   * outputs. Nothing is ever deleted. Rejects with an Error that names the resource.
   */
  make(parameters: Record<string, string>): Promise<Record<string, string>>;
  /** What a resource that was made answers to Fn::GetAtt. */
  made(id: string): Record<string, string> | undefined;
};

/** Resources of other types are roles and policies, read where they are asked for, and what the local cloud has not. */
const MAKES: Record<string, Make> = {
  'ALIYUN::KMS::Key': makeKey,
  'ALIYUN::KMS::Alias': makeAlias,
  'ALIYUN::OSS::Bucket': makeBucket,
  'ALIYUN::MNS::Queue': makeQueue,
};

/** The one stack of a local cloud. */
export async function createStack({ data, template, services, ...home }: StackOptions): Promise<Stack> {
  const file = join(data, 'ros', 'stack.json');
  const there = new Map(Object.entries((await readJson<Record<string, Made>>(file)) ?? {}));
  const made = (id: string) => there.get(id)?.attributes;

  async function make(parameters: Record<string, string>): Promise<Record<string, string>> {
    const read = readTemplate(await readFile(template, 'utf8'), TYPES, { ...home, parameters, made });
    const changed = await makeAll(read, there, services());
    if (changed) await saveJson(file, Object.fromEntries(there));
    return read.outputs();
  }

  return { make, made };
}

/** In waves: side by side what depends only on what is there. Whether anything changed. */
async function makeAll(
  { resources }: Template,
  there: Map<string, Made>,
  services: Services,
): Promise<boolean> {
  let changed = false;
  for (const wave of inWaves(resources)) {
    const making = wave.map(async ([id, resource]) => {
      changed = (await makeOne([id, resource], there, services)) || changed;
    });
    const failed = (await Promise.allSettled(making)).find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }
  return changed;
}

async function makeOne(
  [id, { type, properties }]: [string, Resource],
  there: Map<string, Made>,
  services: Services,
): Promise<boolean> {
  const makeIt = MAKES[type];
  const before = there.get(id);
  if (!makeIt || JSON.stringify(before?.properties) === JSON.stringify(properties)) return false;
  const path = `Resources.${id}.Properties`;
  const attributes = await makeIt(services, { properties, path, before }).catch((error: Error) => {
    throw new Error(`Cannot make the stack: ${id}: ${error.message}`, { cause: error });
  });
  there.set(id, { type, properties, attributes });
  return true;
}
