import { randomUUID } from 'node:crypto';
import { USAGES } from '../keys/key-kinds';
import { keyMetadata } from '../keys/key-metadata';
import { newPairVersion } from '../keys/key-pair';
import { checkPolicy } from '../keys/key-policy';
import { rotationInterval } from '../keys/rotation';
import { parseTags, withTags } from '../keys/tags';
import { action } from '../store/action';
import { kmsDate } from '../store/date';
import { type Key, type KeyOrigin, type KeySpec, type KeyUsage, newVersion, pairSpec } from '../store/key';
import { invalidParameter, KmsError } from '../wire/errors';
import { trueOrFalse } from '../wire/typed-parameters';

/** Values that the local cloud makes keys with; any other one answers UnsupportedOperation here. */
const OFFERED: Record<string, readonly string[]> = {
  KeySpec: Object.keys(USAGES),
  KeyUsage: ['ENCRYPT/DECRYPT', 'SIGN/VERIFY'],
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

/** A key with its first version; one of Origin EXTERNAL waits for its material. SM2 and SM4 are not offered here. */
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
      description,
      origin,
      protectionLevel: ProtectionLevel,
      creationDate: kmsDate(kms.now()),
      ...kindOf(wanted),
      ...(await beginning(wanted, kms.now())),
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

/** Docs, of KeyUsage: by default it is SIGN/VERIFY where the key can sign. */
function kindOf({ KeySpec = 'Aliyun_AES_256', KeyUsage, Origin }: Wanted): Pick<Key, 'spec' | 'usage'> {
  const spec = KeySpec as KeySpec;
  const usage = (KeyUsage ?? (pairSpec({ spec }) ? 'SIGN/VERIFY' : 'ENCRYPT/DECRYPT')) as KeyUsage;
  if (!USAGES[spec].includes(usage)) throw invalidParameter('KeyUsage');
  if (!pairSpec({ spec })) return {};
  if (Origin === 'EXTERNAL') throw new KmsError('Unsupported.Origin');
  return { spec, usage };
}

async function beginning(wanted: Wanted, now: number): Promise<Pick<Key, 'state' | 'versions'>> {
  const spec = pairSpec(kindOf(wanted));
  if (spec) return { state: 'Enabled', versions: [await newPairVersion(spec, now)] };
  const version = newVersion(now);
  if (wanted.Origin !== 'EXTERNAL') return { state: 'Enabled', versions: [version] };
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

function wantedRotation({ EnableAutomaticRotation = 'false', RotationInterval, Origin, KeySpec }: Wanted) {
  if (!trueOrFalse('EnableAutomaticRotation', EnableAutomaticRotation)) return undefined;
  const isSymmetric = KeySpec === undefined || KeySpec === 'Aliyun_AES_256';
  if (Origin === 'EXTERNAL' || !isSymmetric) throw new KmsError('Rejected.UnsupportedOperation');
  if (!RotationInterval) throw new KmsError('MissingParameter', { parameter: 'RotationInterval' });
  return rotationInterval(RotationInterval);
}
