import { arn } from '../keys/key-id';
import type { Answer, KeyService } from '../store/action';
import type { Secret } from '../store/secret';
import { invalidParameter, KmsError } from '../wire/errors';

const NAME = /^[\w/+=.@-]{1,64}$/;

/** Throws InvalidParameter. */
export function checkSecretName(name: string): void {
  if (!NAME.test(name)) throw invalidParameter('SecretName');
}

/** The name in a SecretName, which may be an ARN. */
export function secretName(kms: Pick<KeyService, 'region' | 'accountId'>, given: string): string {
  const prefix = arn(kms, 'secret/');
  return given.startsWith(prefix) ? given.slice(prefix.length) : given;
}

/** The secret that a SecretName names. Throws Forbidden.ResourceNotFound. */
export function findSecret(kms: KeyService, given: string): Secret {
  const secret = kms.secrets.get(secretName(kms, given));
  if (!secret) throw new KmsError('Forbidden.ResourceNotFound');
  return secret;
}

/** The same for what a secret that is to be deleted refuses. Throws Rejected.ResourceInDeleteWindow. */
export function findLiveSecret(kms: KeyService, given: string): Secret {
  const secret = findSecret(kms, given);
  if (secret.deleteTime !== undefined) throw new KmsError('Rejected.ResourceInDeleteWindow');
  return secret;
}

/** What the lists and DescribeSecret answer. */
export function secretAnswer(secret: Secret, { FetchTags = 'false' }: { FetchTags?: string }): Answer {
  const { name, createTime, updateTime, deleteTime, tags } = secret;
  const Tag = tags.map(({ key, value }) => ({ TagKey: key, TagValue: value }));
  return {
    SecretName: name,
    SecretType: 'Generic',
    CreateTime: createTime,
    UpdateTime: updateTime,
    ...(deleteTime !== undefined && { PlannedDeleteTime: deleteTime }),
    ...(FetchTags === 'true' && { Tags: { Tag } }),
  };
}
