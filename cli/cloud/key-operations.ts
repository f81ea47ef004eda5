import type { Kms } from '../../functions/cloud/kms-call';
import { DecryptRequest, EncryptRequest, kmsRuntime } from '../../functions/cloud/kms-client';

export type KeyMetadata = {
  keyId: string;
  arn: string;
  /** Enabled, Disabled, PendingDeletion, PendingImport. */
  state: string;
  spec: string;
  usage: string;
  origin: string;
  /** Id of the version that wraps now; empty where the answer does not tell. */
  primaryVersion: string;
  /** Enabled, Disabled, Suspended; empty where the key cannot rotate. */
  automaticRotation: string;
  /** Seconds as in `31536000s`, or empty. */
  rotationInterval: string;
  /** ISO 8601, or empty. */
  deleteDate: string;
  /** Enabled, Disabled. */
  deletionProtection: string;
};

/** As KMS takes it: JSON. */
type Bound = { context?: string | undefined };

/** A ciphertext of KMS, in base64, and the key that it is under. */
type Wrapped = { ciphertextBlob: string; keyId: string; keyVersionId: string };

/** KMS, beyond what the functions ask of it. All throw as `Kms` does. */
export type KeyOperations = {
  /** `plaintext` is base64, up to 6 KB decoded. */
  encrypt(given: { keyId: string; plaintext: string } & Bound): Promise<Wrapped>;
  /** Returns the plaintext in base64, as it was given to Encrypt or made by GenerateDataKey. */
  decrypt(given: { ciphertextBlob: string } & Bound): Promise<{ plaintext: string; keyId: string }>;
  /** The same data key, under the same context, under another key: it never leaves KMS. */
  reEncrypt(given: { ciphertextBlob: string; to: string } & Bound): Promise<Wrapped>;
  /** `keyId`: id, ARN or alias. */
  describe(keyId: string): Promise<KeyMetadata>;
};

export function keyOperationsAt(kms: Kms): KeyOperations {
  // An action, or a field of its answer, that the SDK has no model of.
  const ask = (doing: string, action: string, query: Record<string, string>): Promise<Answer> =>
    kms.call(doing, (client) =>
      client.doRequest(action, 'HTTPS', 'POST', '2016-01-20', 'AK', query, {}, kmsRuntime),
    );
  return {
    encrypt({ keyId, plaintext, context }) {
      const request = { keyId, plaintext, ...(context && { encryptionContext: context }) };
      return kms.call('encrypt', (client) => client.encryptEx(new EncryptRequest(request), kmsRuntime));
    },
    decrypt({ ciphertextBlob, context }) {
      const request = { ciphertextBlob, ...(context && { encryptionContext: context }) };
      return kms.call('decrypt', (client) => client.decryptEx(new DecryptRequest(request), kmsRuntime));
    },
    async reEncrypt({ ciphertextBlob, to, context }) {
      const contexts = context && { SourceEncryptionContext: context, DestinationEncryptionContext: context };
      const answer = await ask('wrap the data key anew', 'ReEncrypt', {
        CiphertextBlob: ciphertextBlob,
        DestinationKeyId: to,
        ...contexts,
      });
      const { CiphertextBlob = '', KeyId = '', KeyVersionId = '' } = answer as Record<string, string>;
      return { ciphertextBlob: CiphertextBlob, keyId: KeyId, keyVersionId: KeyVersionId };
    },
    async describe(keyId) {
      const { KeyMetadata } = await ask('describe the key', 'DescribeKey', { KeyId: keyId });
      return metadataOf((KeyMetadata ?? {}) as Record<string, string>);
    },
  };
}

type Answer = Record<string, unknown>;

function metadataOf(answer: Record<string, string>): KeyMetadata {
  return {
    keyId: answer.KeyId ?? '',
    arn: answer.Arn ?? '',
    state: answer.KeyState ?? '',
    spec: answer.KeySpec ?? '',
    usage: answer.KeyUsage ?? '',
    origin: answer.Origin ?? '',
    primaryVersion: answer.PrimaryKeyVersion ?? '',
    automaticRotation: answer.AutomaticRotation ?? '',
    rotationInterval: answer.RotationInterval ?? '',
    deleteDate: answer.DeleteDate ?? '',
    deletionProtection: answer.DeletionProtection ?? '',
  };
}
