import { callKms } from '../../functions/cloud/kms-call';
import { DecryptRequest, EncryptRequest, type KmsClient, kmsRuntime } from '../../functions/cloud/kms-client';

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

/** A ciphertext of KMS, in base64, and the key that it is under. */
type Wrapped = { ciphertextBlob: string; keyId: string; keyVersionId: string };

/** KMS, beyond what the functions ask of it. All throw as `callKms` does. A context is the JSON text as KMS takes it. */
export type KeyOperations = {
  /** `plaintext` is base64, up to 6 KB decoded. */
  encrypt(keyId: string, plaintext: string, context?: string): Promise<Wrapped>;
  /** Returns the plaintext in base64, as it was given to Encrypt or made by GenerateDataKey. */
  decrypt(ciphertextBlob: string, context?: string): Promise<{ plaintext: string; keyId: string }>;
  /** The same data key, under the same context, under another key: it never leaves KMS. */
  reEncrypt(ciphertextBlob: string, to: string, context?: string): Promise<Wrapped>;
  /** `keyId`: id, ARN or alias. */
  describe(keyId: string): Promise<KeyMetadata>;
};

export function openKeyOperations(client: KmsClient): KeyOperations {
  return {
    async encrypt(keyId, plaintext, context) {
      const request = new EncryptRequest({
        keyId,
        plaintext,
        ...(context && { encryptionContext: context }),
      });
      return callKms('encrypt', () => client.encryptEx(request, kmsRuntime));
    },
    async decrypt(ciphertextBlob, context) {
      const request = new DecryptRequest({ ciphertextBlob, ...(context && { encryptionContext: context }) });
      return callKms('decrypt', () => client.decryptEx(request, kmsRuntime));
    },
    async reEncrypt(ciphertextBlob, to, context) {
      const contexts = context && { SourceEncryptionContext: context, DestinationEncryptionContext: context };
      const answer = await ask(client, 'wrap the data key anew', 'ReEncrypt', {
        CiphertextBlob: ciphertextBlob,
        DestinationKeyId: to,
        ...contexts,
      });
      const { CiphertextBlob = '', KeyId = '', KeyVersionId = '' } = answer as Record<string, string>;
      return { ciphertextBlob: CiphertextBlob, keyId: KeyId, keyVersionId: KeyVersionId };
    },
    async describe(keyId) {
      const { KeyMetadata } = await ask(client, 'describe the key', 'DescribeKey', { KeyId: keyId });
      return metadataOf((KeyMetadata ?? {}) as Record<string, string>);
    },
  };
}

/** An action, or a field of its answer, that the SDK has no model of. */
async function ask(
  client: KmsClient,
  doing: string,
  action: string,
  query: Record<string, string>,
): Promise<Record<string, unknown>> {
  return callKms(doing, () =>
    client.doRequest(action, 'HTTPS', 'POST', '2016-01-20', 'AK', query, {}, kmsRuntime),
  );
}

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
