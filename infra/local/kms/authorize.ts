import type { Authorize } from '../ram/authorize';
import { parseBlob } from './crypto/ciphertext-blob';
import { arn, findKey } from './keys/key-id';
import { decideByKey } from './keys/key-policy';
import { secretName } from './secrets/named-secret';
import type { KeyService } from './store/action';
import { KmsError } from './wire/errors';

export type Guard = {
  now: () => number;
  /** What is attached to the caller; absent, everybody may do everything. */
  authorize?: Authorize;
  /** Whether `acs:SecureTransport` is true here, where there is no TLS; true unless given. */
  loopbackIsSecure?: boolean;
};

export type Asked = {
  operation: string;
  parameters: Map<string, string>;
  principal: string;
  sourceIp: string;
  userAgent: string;
};

/** An action on a resource; `context` is the parameter with the encryption context that conditions look at. */
type Need = { action: string; resource: string | undefined; context?: string };

/**
 * Throws Forbidden.NoPermission where RAM or the key's own policy denies the action, or neither allows it (docs:
 * "Overview of key policies"). It is asked for on the key, also where an alias names it; for what is wrapped on the key
 * found in the blob (docs: "Use RAM to control access"). What names no key that exists is left to the action, which
 * says so.
 */
export function checkAccess(kms: KeyService, guard: Guard, asked: Asked): void {
  const { principal } = asked;
  for (const { action, resource, context = 'EncryptionContext' } of needsOf(kms, asked)) {
    if (resource === undefined) continue;
    const conditions = { ...common(guard, asked), ...contextConditions(asked.parameters.get(context)) };
    const byRam = guard.authorize?.({ principal, action, resource, conditions }) ?? 'allowed';
    const decisions = [byRam, decideByKey(policyOf(kms, resource), { principal, action })];
    if (decisions.includes('explicit') || !decisions.includes('allowed'))
      throw new KmsError('Forbidden.NoPermission');
  }
}

function policyOf({ keys }: KeyService, resource: string): string | undefined {
  return keys.get(/:key\/(.+)$/.exec(resource)?.[1] ?? '')?.policy;
}

function needsOf(kms: KeyService, { operation, parameters }: Asked): Need[] {
  const action = `kms:${operation}`;
  const alias = arn(kms, parameters.get('AliasName') ?? '');
  switch (operation) {
    case 'DescribeRegions':
      return [];
    case 'CreateKey':
    case 'ListKeys':
      return [{ action, resource: arn(kms, 'key') }];
    case 'ListAliases':
      return [{ action, resource: arn(kms, 'alias') }];
    case 'CreateAlias':
    case 'UpdateAlias':
      return [alias, keyArn(kms, parameters.get('KeyId'))].map((resource) => ({ action, resource }));
    case 'DeleteAlias':
      return [alias, keyArn(kms, parameters.get('AliasName'))].map((resource) => ({ action, resource }));
    case 'ReEncrypt':
      return reEncryptNeeds(kms, parameters);
    default:
      return /Secret|RandomPassword/.test(operation) || parameters.has('SecretName')
        ? secretNeeds(kms, { operation, parameters })
        : [{ action, resource: theKey(kms, parameters) }];
  }
}

// Docs, "CreateSecret" and "GetSecretValue": a key that the caller chose takes permissions of its own.
function secretNeeds(
  kms: KeyService,
  { operation, parameters }: Pick<Asked, 'operation' | 'parameters'>,
): Need[] {
  const name = secretName(kms, parameters.get('SecretName') ?? '');
  const isOfAll = ['CreateSecret', 'ListSecrets', 'GetRandomPassword'].includes(operation);
  const own = { action: `kms:${operation}`, resource: arn(kms, isOfAll ? 'secret' : `secret/${name}`) };
  const keyId = parameters.get('EncryptionKeyId') ?? kms.secrets.get(name)?.encryptionKeyId;
  const action = KEY_ACTIONS[operation];
  return action && keyId ? [own, { action, resource: keyArn(kms, keyId) }] : [own];
}

const KEY_ACTIONS: Record<string, string> = {
  CreateSecret: 'kms:GenerateDataKey',
  PutSecretValue: 'kms:GenerateDataKey',
  GetSecretValue: 'kms:Decrypt',
};

function reEncryptNeeds(kms: KeyService, parameters: Map<string, string>): Need[] {
  const [from, to] = [blobsKey(kms, parameters), keyArn(kms, parameters.get('DestinationKeyId'))];
  return [
    { action: 'kms:ReEncryptFrom', resource: from, context: 'SourceEncryptionContext' },
    { action: 'kms:ReEncryptTo', resource: to, context: 'DestinationEncryptionContext' },
  ];
}

function theKey(kms: KeyService, parameters: Map<string, string>): string | undefined {
  const keyId = parameters.get('KeyId') ?? parameters.get('ProtectedResourceArn');
  if (keyId !== undefined) return keyArn(kms, keyId);
  if (parameters.has('CiphertextBlob')) return blobsKey(kms, parameters);
  return arn(kms, '*');
}

function keyArn(kms: KeyService, keyId = ''): string | undefined {
  return found(() => arn(kms, `key/${findKey(kms, keyId).id}`));
}

function blobsKey(kms: KeyService, parameters: Map<string, string>): string | undefined {
  const { versionId } = found(() => parseBlob(parameters.get('CiphertextBlob') ?? '')) ?? {};
  const owner = versionId === undefined ? undefined : kms.keys.getByVersion(versionId);
  return owner && arn(kms, `key/${owner.key.id}`);
}

function found<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof KmsError) return undefined;
    throw error;
  }
}

function common({ now, loopbackIsSecure = true }: Guard, { sourceIp, userAgent }: Asked) {
  return {
    'acs:SourceIp': sourceIp,
    'acs:UserAgent': userAgent,
    'acs:CurrentTime': new Date(now()).toISOString(),
    'acs:SecureTransport': String(loopbackIsSecure),
    'acs:MFAPresent': 'false',
  };
}

// A context that is none is refused by the action.
function contextConditions(json: string | undefined): Record<string, string> {
  const context = json === undefined ? {} : parsed(json);
  const entries: [string, unknown][] = Object.entries(Object(context));
  return Object.fromEntries(entries.map(([name, value]) => [`kms:EncryptionContext:${name}`, String(value)]));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}
