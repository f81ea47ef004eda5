import { randomUUID } from 'node:crypto';
import { action } from '../action';
import { invalidParameter, KmsError } from '../errors';
import { type Key, type KeyOrigin, newVersion } from '../key';
import { keyMetadata } from '../key-metadata';
import { checkPolicy } from '../key-policy';
import { kmsDate } from '../kms-date';
import { rotationInterval } from '../rotation';
import { parseTags, withTags } from '../tags';
import { trueOrFalse } from '../typed-parameters';

/** Values that the local cloud makes keys with; any other one answers UnsupportedOperation here. */
const OFFERED: Record<string, readonly string[]> = {
  KeySpec: ['Aliyun_AES_256'],
  KeyUsage: ['ENCRYPT/DECRYPT'],
  Origin: ['Aliyun_KMS', 'EXTERNAL'],
  ProtectionLevel: ['SOFTWARE', 'HSM'],
};

const OPTIONAL = [
  'DKMSInstanceId',
  'Description',
  'EnableAutomaticRotation',
  'KeySpec',
  'KeyUsage',
  'Origin',
  'Policy',
  'ProtectionLevel',
  'RotationInterval',
  'Tags',
] as const;
type Wanted = Partial<Record<(typeof OPTIONAL)[number], string>>;

/** A symmetric key with its first version; one of Origin EXTERNAL waits for its material. */
export const createKey = action({
  required: [],
  optional: OPTIONAL,
  async run(kms, wanted) {
    checkOffered(wanted);
    const { Description: description = '', Origin = 'Aliyun_KMS', ProtectionLevel = 'SOFTWARE' } = wanted;
    if (description.length > 8192) throw invalidParameter('Description');
    const origin = Origin as KeyOrigin;
    const key: Key = {
      id: randomUUID(),
      ...{ description, origin, protectionLevel: ProtectionLevel, creationDate: kmsDate(kms.now()) },
      ...beginning(origin, kms.now()),
      ...extras(wanted),
    };
    await kms.keys.add(key);
    return { KeyMetadata: keyMetadata(kms, key) };
  },
});

function checkOffered(wanted: Record<string, string>): void {
  for (const [name, values] of Object.entries(OFFERED)) {
    const value = wanted[name];
    if (value === undefined || values.includes(value)) continue;
    throw new KmsError('UnsupportedOperation', {
      why: `The local cloud makes no key with ${name} ${value}.`,
    });
  }
}

function beginning(origin: KeyOrigin, now: number): Pick<Key, 'state' | 'versions'> {
  const version = newVersion(now);
  if (origin === 'Aliyun_KMS') return { state: 'Enabled', versions: [version] };
  return { state: 'PendingImport', versions: [{ id: version.id, creationDate: version.creationDate }] };
}

function extras({ DKMSInstanceId, Policy, Tags, ...wanted }: Wanted): Partial<Key> {
  if (Policy !== undefined) checkPolicy(Policy);
  const interval = wantedRotation(wanted);
  return {
    ...(DKMSInstanceId !== undefined && { instanceId: DKMSInstanceId }),
    ...(Policy !== undefined && { policy: Policy }),
    ...(Tags !== undefined && { tags: withTags([], parseTags(Tags)) }),
    ...(interval !== undefined && { rotationInterval: interval }),
  };
}

function wantedRotation({ EnableAutomaticRotation = 'false', RotationInterval, Origin }: Wanted) {
  if (!trueOrFalse('EnableAutomaticRotation', EnableAutomaticRotation)) return undefined;
  if (Origin === 'EXTERNAL') throw new KmsError('Rejected.UnsupportedOperation');
  if (!RotationInterval) throw new KmsError('MissingParameter', { parameter: 'RotationInterval' });
  return rotationInterval(RotationInterval);
}
