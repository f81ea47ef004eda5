import { fields, listOf, oneOf, type Shape, text } from '../../declared/shape';
import { type Condition, conditionKeys, readConditions } from './conditions';

/** `not`: everything but what fits. */
export type Patterns = { not: boolean; patterns: string[] };

export type Statement = {
  effect: 'Allow' | 'Deny';
  actions: Patterns;
  resources: Patterns;
  conditions: Condition[];
  /** Of resource policies: whom it is about. */
  principals: string[];
};

/** The statements of a policy document, Version "1" (RAM docs: "Policy structure and syntax"). */
export type Policy = Statement[];

const version: Shape<'1'> = (value, path) => oneOf('1')(String(value), path);
const action = text(/^(\*|[a-z][a-z0-9-]*:[A-Za-z0-9*?]+)$/, 'an action such as oss:GetObject');
const resource = text(/^(\*|acs:[^:]*:[^:]*:[^:]*:.+)$/s, 'a resource such as acs:oss:*:*:bucket/*');
const effect = oneOf('Allow', 'Deny');
const anything: Shape<unknown> = (value) => value;

/** A policy that is attached to a role: Action or NotAction, Resource or NotResource, only conditions known here. */
export const identityPolicy: Shape<Policy> = document((value, path) => {
  const raw = statementFields(value, path);
  for (const key of conditionKeys(raw.Condition)) checkKey(key, `${path}.Condition`);
  return {
    effect: raw.Effect,
    actions: either(raw.Action, raw.NotAction, `${path}.Action`),
    resources: either(raw.Resource, raw.NotResource, `${path}.Resource`),
    conditions: readConditions(raw.Condition, `${path}.Condition`),
    principals: [],
  };
});

/**
 * The policy of a bucket: with Principal, a list of account ids, `arn:sts::<account>:assumed-role/<role>/<session>`
 * or `*`; an empty list is everybody (OSS docs: "Authorization syntax and elements").
 */
export const bucketPolicy: Shape<Policy> = document((value, path) => {
  const { Principal, ...raw } = bucketStatementFields(value, path);
  return {
    effect: raw.Effect,
    actions: either(raw.Action, raw.NotAction, `${path}.Action`),
    resources: either(raw.Resource, raw.NotResource, `${path}.Resource`),
    conditions: readConditions(raw.Condition, `${path}.Condition`),
    principals: Principal.length === 0 ? ['*'] : Principal,
  };
});

/** Who may assume a role: Principal names services, roles or accounts; the resource is the role itself. */
export const trustPolicy: Shape<Policy> = document((value, path) => {
  const raw = trustFields(value, path);
  const { Service = [], RAM = [] } = raw.Principal;
  return {
    effect: raw.Effect,
    actions: { not: false, patterns: [raw.Action] },
    resources: { not: false, patterns: ['*'] },
    conditions: readConditions(raw.Condition, `${path}.Condition`),
    principals: [...Service, ...RAM],
  };
});

const parts = {
  Action: oneOrMore(action),
  NotAction: oneOrMore(action),
  Resource: oneOrMore(resource),
  NotResource: oneOrMore(resource),
  Condition: anything,
};
const statementFields = fields({ Effect: effect }, parts);
const bucketStatementFields = fields({ Effect: effect, Principal: oneOrMore(text()) }, parts);
const trustFields = fields(
  {
    Effect: effect,
    Action: oneOf('sts:AssumeRole'),
    Principal: fields({}, { Service: oneOrMore(text()), RAM: oneOrMore(text()) }),
  },
  { Condition: anything },
);

function document(statement: Shape<Statement>): Shape<Policy> {
  return (value, path) => fields({ Version: version, Statement: listOf(statement) })(value, path).Statement;
}

function oneOrMore(item: Shape<string>): Shape<string[]> {
  return (value, path) => (Array.isArray(value) ? listOf(item)(value, path) : [item(value, path)]);
}

function either(these: string[] | undefined, allBut: string[] | undefined, path: string): Patterns {
  const patterns = these ?? allBut;
  if (!patterns || patterns.length === 0) throw new Error(`${path} is missing`);
  if (these && allBut) throw new Error(`${path} and its negation are both given`);
  return { not: these === undefined, patterns };
}

// A condition on a key that no request here ever has would be met, or not, for the wrong reason.
const KEYS =
  /^(acs:(SourceIp|SourceVpc|UserAgent|CurrentTime|SecureTransport|AccessId|MFAPresent)|oss:(Prefix|Delimiter|x-oss-acl|x-oss-object-acl|RequestObjectTag\/.+)|kms:EncryptionContext:.+|fc:EnableHTTPTriggerAnonymous)$/s;

function checkKey(key: string, path: string): void {
  if (!KEYS.test(key)) throw new Error(`${path}: the local cloud does not know the condition key ${key}`);
}
