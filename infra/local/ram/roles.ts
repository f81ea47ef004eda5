import { TYPES } from '../../declared/resource-types';
import { fields, listOf, type Shape, text } from '../../declared/shape';
import { type Resource, readTemplate, type TemplateOptions } from '../../declared/template';
import { identityPolicy, type Policy, trustPolicy } from './policy';

/** A role of the account: who may assume it, and what is attached to it. */
export type Role = { arn: string; trust: Policy; policies: Policy[] };

const anything: Shape<unknown> = (value) => value;
const roleProperties = fields(
  { RoleName: text(/^[\w.-]{1,64}$/, 'a role name'), AssumeRolePolicyDocument: trustPolicy },
  { Description: text(), MaxSessionDuration: anything },
);
const policyProperties = fields(
  {
    PolicyName: text(/^[\w-]{1,128}$/, 'a policy name'),
    PolicyDocument: identityPolicy,
  },
  { Description: text(), Roles: listOf(text()) },
);

/**
 * The roles that a ROS template declares (ALIYUN::RAM::Role) with the policies that it attaches to them
 * (ALIYUN::RAM::ManagedPolicy). Throws an Error that begins with `Cannot read the template` and names what is wrong.
 */
export function readRoles(yaml: string, options: TemplateOptions): Role[] {
  try {
    return rolesOf(readTemplate(yaml, TYPES, options).resources, options.accountId);
  } catch (error) {
    throw new Error(`Cannot read the template: ${(error as Error).message}`, { cause: error });
  }
}

function rolesOf(resources: Map<string, Resource>, accountId: string): Role[] {
  const roles = new Map<string, Role>();
  for (const [path, properties] of ofType(resources, 'ALIYUN::RAM::Role')) {
    const { RoleName, AssumeRolePolicyDocument: trust } = roleProperties(properties, path);
    if (roles.has(RoleName)) throw new Error(`${path}: ${RoleName} is declared twice`);
    roles.set(RoleName, { arn: arnOf(RoleName, accountId), trust, policies: [] });
  }
  for (const [path, properties] of ofType(resources, 'ALIYUN::RAM::ManagedPolicy')) {
    const { Roles = [], PolicyDocument } = policyProperties(properties, path);
    for (const name of Roles) attach(roles.get(name), PolicyDocument, `${path}.Roles: ${name}`);
  }
  return [...roles.values()];
}

function ofType(resources: Map<string, Resource>, type: string): [path: string, properties: unknown][] {
  return [...resources]
    .filter(([, resource]) => resource.type === type)
    .map(([id, { properties }]) => [`Resources.${id}.Properties`, properties]);
}

function attach(role: Role | undefined, policy: Policy, path: string): void {
  if (!role) throw new Error(`${path} is not a role of the template`);
  role.policies.push(policy);
}

function arnOf(roleName: string, accountId: string): string {
  return `acs:ram::${accountId}:role/${roleName}`;
}
