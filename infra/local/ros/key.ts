import { fields, oneOf, text, wholeNumber } from '../../declared/shape';
import { kmsCall } from './kms-call';
import type { Make } from './services';

const keyShape = fields(
  {},
  {
    Description: text(),
    KeySpec: oneOf('Aliyun_AES_256'),
    KeyUsage: oneOf('ENCRYPT/DECRYPT'),
    ProtectionLevel: oneOf('SOFTWARE', 'HSM'),
    EnableAutomaticRotation: oneOf(true, false),
    RotationInterval: text(),
    // Of ScheduleKeyDeletion, when the stack deletes the key.
    PendingWindowInDays: wholeNumber(7, 366),
    DeletionProtection: oneOf(true, false),
  },
);
const aliasShape = fields({ AliasName: text(), KeyId: text() });

/** ALIYUN::KMS::Key. Throws where one that is there would have to change. */
export const makeKey: Make = async ({ kms }, { properties, path, before }) => {
  if (before) throw new Error(`${path}: the local cloud changes no ALIYUN::KMS::Key that is there`);
  const { DeletionProtection, PendingWindowInDays: _, ...rest } = keyShape(properties, path);
  const wanted = Object.entries(rest).map(([name, value]) => [name, String(value)]);
  const { KeyMetadata } = await kmsCall(kms, 'CreateKey', Object.fromEntries(wanted));
  const { KeyId, Arn } = fields({ KeyId: text(), Arn: text() }, {})(pick(KeyMetadata), path);
  if (DeletionProtection) {
    await kmsCall(kms, 'SetDeletionProtection', {
      ProtectedResourceArn: Arn,
      EnableDeletionProtection: 'true',
    });
  }
  return { KeyId };
};

/** ALIYUN::KMS::Alias: neither of its properties can be updated (ROS docs). */
export const makeAlias: Make = async ({ kms }, { properties, path, before }) => {
  if (before) throw new Error(`${path}: an ALIYUN::KMS::Alias cannot be updated`);
  await kmsCall(kms, 'CreateAlias', aliasShape(properties, path));
  return {};
};

function pick(metadata: unknown) {
  const { KeyId, Arn } = Object(metadata);
  return { KeyId, Arn };
}
