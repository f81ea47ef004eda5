import { NO_VALUE, resolve } from '../../declared/intrinsics';
import type { Shape } from '../../declared/shape';
import { identityPolicy, trustPolicy } from '../../local/ram/policy';
import type { Document, ResourceDeclaration } from './document';

/** What RAM would not take of a document, which to ROS is a map like any other. */
export function checkPolicies({ Resources }: Document): string[] {
  return Object.entries(Resources).flatMap(([id, resource]) => findingsOf(id, resource));
}

function findingsOf(id: string, { Type, Properties }: ResourceDeclaration): string[] {
  const { PolicyDocument, AssumeRolePolicyDocument } = Object(Properties);
  if (Type === 'ALIYUN::RAM::ManagedPolicy') return read(identityPolicy, PolicyDocument, id);
  return Type === 'ALIYUN::RAM::Role' ? read(trustPolicy, AssumeRolePolicyDocument, id) : [];
}

function read(shape: Shape<unknown>, document: unknown, id: string): string[] {
  try {
    shape(resolve(document, standIns), `Resources.${id}`);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Any value will do where only the form is looked at. */
const standIns = {
  parameter: (name: string) => (name === 'ALIYUN::NoValue' ? NO_VALUE : 'x'),
  attribute: (_: string, name: string) => (name === 'Arn' ? 'acs:ram::1:role/x' : 'x'),
  condition: () => true,
};
