import { TYPES } from '../../declared/resource-types';
import { type Resource, readTemplate } from '../../declared/template';
import { identityPolicy, type Policy } from '../../local/ram/policy';
import { HOME } from './questions';

/**
 * Who holds which policies, by what the name says behind the product's: the roles with what is attached to them, and
 * the policies that are attached to nobody by themselves.
 */
export function holdersIn(yaml: string, parameters: Record<string, string>): Map<string, Policy[]> {
  const made = () => ({ KeyId: HOME.keyId });
  const { resources } = readTemplate(yaml, TYPES, { ...HOME, parameters, made });
  const holders = new Map<string, Policy[]>();
  for (const { type, properties } of resources.values()) {
    if (type === 'ALIYUN::RAM::Role') holders.set(shortName(Object(properties).RoleName), []);
  }
  for (const [id, resource] of resources) {
    if (resource.type === 'ALIYUN::RAM::ManagedPolicy') hand(holders, id, resource);
  }
  return holders;
}

function hand(holders: Map<string, Policy[]>, id: string, { properties }: Resource): void {
  const { PolicyName, PolicyDocument, Roles } = Object(properties);
  const policy = identityPolicy(PolicyDocument, `Resources.${id}`);
  const names: unknown[] = Roles ?? [PolicyName];
  for (const name of names.map(shortName)) holders.set(name, [...(holders.get(name) ?? []), policy]);
}

function shortName(name: unknown): string {
  return String(name).replace('oss-envelope-', '');
}
