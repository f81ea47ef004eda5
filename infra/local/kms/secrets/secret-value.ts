import { checkSymmetric } from '../crypto/asymmetric';
import { wrap } from '../crypto/ciphertext-blob';
import { contextBytes } from '../crypto/encryption-context';
import { openedBlob } from '../crypto/opened-blob';
import { findKey } from '../keys/key-id';
import { guardState } from '../keys/key-states';
import type { KeyService } from '../store/action';
import { kmsDate } from '../store/date';
import { primaryVersion } from '../store/key';
import type { Secret, SecretVersion } from '../store/secret';
import { invalidParameter } from '../wire/errors';

/** What CreateSecret and PutSecretValue are told of a version. */
export type NewVersion = { VersionId: string; SecretData: string; SecretDataType?: string };
type Owner = Pick<Secret, 'name' | 'encryptionKeyId'>;

const MAX_BYTES = 30_720;
const ID = /^[\w/+=.@-]{1,64}$/;

/** A version, its value under the secret's key. Throws InvalidParameter and what the key's state forbids. */
export function newSecretVersion(
  kms: KeyService,
  { name, encryptionKeyId }: Owner,
  given: NewVersion,
): SecretVersion {
  const { VersionId: id, SecretData: data, SecretDataType: dataType = 'text' } = given;
  if (!ID.test(id)) throw invalidParameter('VersionId');
  if (Buffer.byteLength(data) > MAX_BYTES) throw invalidParameter('SecretData');
  if (dataType !== 'text' && dataType !== 'binary') throw invalidParameter('SecretDataType');
  const version = { id, createTime: kmsDate(kms.now()), stages: [], dataType };
  if (encryptionKeyId === undefined) return { ...version, data };
  const key = findKey(kms, encryptionKeyId);
  guardState('GenerateDataKey', key);
  checkSymmetric(key);
  const context = contextBytes(contextOf(name, id));
  return { ...version, sealed: wrap(primaryVersion(key), { plaintext: data, context }) };
}

/** The value of a version. Throws what the key's state forbids. */
export function secretValue(kms: KeyService, { name }: Owner, { id, data, sealed }: SecretVersion): string {
  if (sealed === undefined) return data ?? '';
  const parameters = { CiphertextBlob: sealed, EncryptionContext: contextOf(name, id) };
  return openedBlob(kms, 'Decrypt', parameters).plaintext;
}

function contextOf(secretName: string, versionId: string): string {
  return JSON.stringify({ secretName, versionId });
}
