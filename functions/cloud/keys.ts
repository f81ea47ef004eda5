import type { Context } from '../context';
import type { EncryptionContext, WrappedKey } from '../envelope/envelope';
import { cannotOpen, Fault } from '../fault';
import { DecryptRequest, GenerateDataKeyRequest, type KmsClient, kmsRuntime } from './kms-client';

export type NewDataKey = { dataKey: Buffer; wrappedKey: WrappedKey; kmsRequestId: string };

export type Keys = {
  /** A fresh 32-byte data key under the key `keyId` (id, alias or ARN). */
  generate(keyId: string, context: EncryptionContext): Promise<NewDataKey>;
  /** Throws `cannot-open` where KMS does not accept the wrapped key under this context. */
  unwrap(
    wrappedKey: WrappedKey,
    context: EncryptionContext,
  ): Promise<{ dataKey: Buffer; kmsRequestId: string }>;
};

const DEADLINE_MS = 15_000;

export function openKeys(
  client: KmsClient,
  { region, accountId }: Pick<Context, 'region' | 'accountId'>,
): Keys {
  return {
    async generate(keyId, context) {
      const request = new GenerateDataKeyRequest({
        keyId,
        keySpec: 'AES_256',
        encryptionContext: json(context),
      });
      const answer = await call('generate a data key', () => client.generateDataKeyEx(request, kmsRuntime));
      return {
        dataKey: decodeKey(answer.plaintext),
        wrappedKey: {
          provider: 'alibaba-kms',
          region,
          keyArn: `acs:kms:${region}:${accountId}:key/${given(answer.keyId)}`,
          keyVersionId: given(answer.keyVersionId),
          ciphertextBlob: given(answer.ciphertextBlob),
        },
        kmsRequestId: answer.requestId,
      };
    },
    async unwrap({ ciphertextBlob, keyArn }, context) {
      const request = new DecryptRequest({ ciphertextBlob, encryptionContext: json(context) });
      const answer = await call('unwrap the data key', () => client.decryptEx(request, kmsRuntime)).catch(
        refusedBlob,
      );
      if (!keyArn.endsWith(`:key/${given(answer.keyId)}`))
        throw cannotOpen('wrapped key names another key than KMS used');
      return { dataKey: decodeKey(answer.plaintext), kmsRequestId: answer.requestId };
    },
  };
}

/** KMS wants one JSON string; the SDK's own form of a map is another parameter, which KMS may ignore unseen. */
function json(context: EncryptionContext): string {
  return JSON.stringify(context);
}

/** The SDK takes any answer for success, with fields undefined. */
function given(field: string | undefined): string {
  if (!field) throw new Fault('kms-unavailable', 'Cannot use the answer of KMS: a field is missing');
  return field;
}

function decodeKey(plaintext: string | undefined): Buffer {
  const key = Buffer.from(given(plaintext), 'base64');
  if (key.length !== 32)
    throw new Fault('kms-unavailable', 'Cannot use the answer of KMS: the data key has a wrong length');
  return key;
}

/** The SDK's timers can be cleared by a socket's former user, so each call has a deadline of ours. */
async function call<T>(doing: string, action: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('deadline')), DEADLINE_MS);
  });
  try {
    return await Promise.race([action(), deadline]);
  } catch (error) {
    throw kmsFault(doing, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Authentication, permission and state of the key are the operator's to mend; any other 4xx is about the blob or its context. */
const OPERATORS =
  /^(Forbidden|Rejected|InvalidAccessKeyId|InvalidSecurityToken|IncompleteSignature|SignatureDoesNotMatch|SignatureNonceUsed|IllegalTimestamp|InvalidTimeStamp)/;

function refusedBlob(error: Fault): never {
  const code = error.detail?.split(' ')[1] ?? '';
  throw error.code === 'kms-refused' && !OPERATORS.test(code) ? cannotOpen(`KMS: ${error.detail}`) : error;
}

const EXPIRED = /^InvalidSecurityToken\.Expired$/;

type KmsError = { data?: { Code?: string; HttpStatus?: number; RequestId?: string } };

/** The SDK's messages quote the signed URL, with token and ciphertext: only code, status and request id are kept. */
function kmsFault(doing: string, error: unknown): Fault {
  const { Code: code, HttpStatus: status = 0, RequestId: requestId } = (error as KmsError).data ?? {};
  const detail = `${status} ${code ?? (error as Error).name} ${requestId ?? ''}`.trim();
  if (code && EXPIRED.test(code))
    return new Fault('credentials-expired', `Cannot ${doing}: the role's token has expired`, detail);
  if (code && /Throttling/.test(code))
    return new Fault('kms-throttled', `Cannot ${doing}: KMS asks to slow down`, detail);
  if (!code || status >= 500)
    return new Fault('kms-unavailable', `Cannot ${doing}: KMS does not answer as it should`, detail);
  return new Fault('kms-refused', `Cannot ${doing}: KMS refused (${code})`, detail);
}
