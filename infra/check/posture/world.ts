import { TYPES } from '../../declared/resource-types';
import { readTemplate } from '../../declared/template';
import type { Document } from '../template/document';

/** A resource with its functions applied, as far as a rule looks at it. */
export type Built = {
  id: string;
  type: string;
  properties: Record<string, unknown>;
  isRetained: boolean;
  /** Whether a condition may leave it out. */
  isOptional: boolean;
};

/** What is there when everything that depends on a condition is there. */
const EVERYTHING = {
  OtherKeyId: 'other',
  AllowedOrigins: 'https://app.example.com',
  KeyId: 'own',
  AlarmMail: 'operators@example.com',
  TrailProject: 'trail',
  TrailLogstore: 'actiontrail_all',
};

const HOME = { accountId: '1234567890123456', region: 'cn-hangzhou', made: () => ({ KeyId: 'own' }) };

/** The resources of a template as they would be deployed. */
export function buildResources(template: unknown): Built[] {
  const { Resources, Parameters = {} } = template as Document;
  const asked = Object.entries(EVERYTHING).filter(([name]) => Object.hasOwn(Parameters, name));
  const parameters = Object.fromEntries(asked);
  const { resources } = readTemplate(JSON.stringify(template), TYPES, { ...HOME, parameters });
  return [...resources].map(([id, { type, properties }]) => ({
    id,
    type,
    properties: Object(properties),
    isRetained: Resources[id]?.DeletionPolicy === 'Retain',
    isOptional: Resources[id]?.Condition !== undefined,
  }));
}

/** The value at a path below a resource's properties, undefined where there is none. */
export function at({ properties }: Built, path: string): unknown {
  return path.split('.').reduce<unknown>((place, name) => Object(place)[name], properties);
}

export type Statement = {
  Effect: string;
  Action: string[];
  Resource: string[];
  Principal?: unknown;
  Condition?: unknown;
};

/** The statements of a policy document at a path below a resource's properties. */
export function statementsAt(resource: Built, path: string): Statement[] {
  const { Statement = [] } = Object(at(resource, path));
  return (Statement as Record<string, unknown>[]).map((statement) => ({
    Effect: String(statement.Effect),
    Principal: statement.Principal,
    Condition: statement.Condition,
    Action: texts(statement.Action),
    Resource: texts(statement.Resource),
  }));
}

function texts(value: unknown): string[] {
  return [value ?? []].flat().map(String);
}
