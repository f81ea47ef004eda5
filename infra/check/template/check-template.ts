import { NO_VALUE } from '../../declared/intrinsics';
import { type Document, readDocument } from './document';
import { checkPolicies } from './policies';
import { checkReferences } from './references';
import type { Schema } from './schema';

/** Everything wrong with a template, as far as it can be known without ROS. */
export function checkTemplate(template: unknown, schemas: Map<string, Schema>): string[] {
  try {
    const document = readDocument(template);
    return [
      ...Object.keys(document.Resources).flatMap((id) => checkResource(document, id, schemas)),
      ...checkReferences(document, schemas),
      ...checkPolicies(document),
    ];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Everything wrong with the properties of one resource, whichever way its conditions are decided. */
export function checkResource({ Resources }: Document, id: string, schemas: Map<string, Schema>): string[] {
  const { Type = '', Properties = {} } = Resources[id] ?? {};
  const schema = schemas.get(Type);
  if (!schema) return [`Resources.${id}: there is no type ${Type}`];
  const either = [true, false].flatMap((holds) => schema.findings(decided(Properties, holds)));
  return [...new Set(either)].map((finding) => `Resources.${id}: ${finding}`);
}

function decided(value: unknown, holds: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => decided(item, holds)).filter(isThere);
  if (typeof value !== 'object' || value === null) return value;
  const chosen: unknown = Object.hasOwn(value, 'Fn::If') ? Object.values(value)[0] : undefined;
  if (Array.isArray(chosen)) return decided(chosen[holds ? 1 : 2], holds);
  if (Object.values(value)[0] === 'ALIYUN::NoValue') return NO_VALUE;
  const entries = Object.entries(value).map(([name, item]) => [name, decided(item, holds)] as const);
  return Object.fromEntries(entries.filter(([, item]) => isThere(item)));
}

function isThere(value: unknown): boolean {
  return value !== NO_VALUE;
}
