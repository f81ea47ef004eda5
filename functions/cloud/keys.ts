import type { Identity } from '../context';
import type { EncryptionContext, WrappedKey } from '../envelope/envelope';
import { cannotOpen, Fault } from '../fault';
import type { Retry } from './calls';
import { kmsOf } from './kms-call';
import { DecryptRequest, GenerateDataKeyRequest, kmsClient, kmsRuntime } from './kms-client';

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

export type KeysOptions = {
  /** As whom, and in which region; asked for before each call. */
  identity(): Promise<Identity>;
  /** URL without a path. */
  endpoint: string;
  region: string;
  /** Of the keys, for their ARNs. */
  accountId: string;
  retry: Retry;
};

export function keysAt({ identity, endpoint, region, accountId, retry }: KeysOptions): Keys {
  const kms = kmsOf({ client: async () => kmsClient(await identity(), endpoint), retry });
  return {
    generate: (keyId, context) =>
      kms.call('generate a data key', async (client) => {
        const request = { keyId, keySpec: 'AES_256', encryptionContext: json(context) };
        const answer = await client.generateDataKeyEx(new GenerateDataKeyRequest(request), kmsRuntime);
        return {
          dataKey: decodeKey(answer.plaintext) ?? missing('a data key of 32 bytes'),
          wrappedKey: {
            provider: 'alibaba-kms',
            region,
            keyArn: `acs:kms:${region}:${accountId}:key/${given(answer.keyId)}`,
            keyVersionId: given(answer.keyVersionId),
            ciphertextBlob: given(answer.ciphertextBlob),
          },
          kmsRequestId: answer.requestId,
        };
      }),
    unwrap: ({ ciphertextBlob, keyArn }, context) =>
      kms
        .call('unwrap the data key', async (client) => {
          const request = new DecryptRequest({ ciphertextBlob, encryptionContext: json(context) });
          const answer = await client.decryptEx(request, kmsRuntime);
          if (!keyArn.endsWith(`:key/${given(answer.keyId)}`))
            throw cannotOpen('wrapped key names another key than KMS used');
          // Anything can be wrapped by whoever may use Encrypt.
          const dataKey = decodeKey(answer.plaintext);
          if (!dataKey) throw cannotOpen('wrapped key is none of 32 bytes');
          return { dataKey, kmsRequestId: answer.requestId };
        })
        .catch(refusedBlob),
  };
}

/** KMS wants one JSON string; the SDK's own form of a map is another parameter, which KMS may ignore unseen. */
function json(context: EncryptionContext): string {
  return JSON.stringify(context);
}

/** The SDK takes any answer for success, with fields undefined. */
function given(field: string | undefined): string {
  return field || missing('a field');
}

function missing(what: string): never {
  throw new Fault('kms-unavailable', `Cannot use the answer of KMS: it lacks ${what}`);
}

function decodeKey(plaintext: string | undefined): Buffer | undefined {
  const key = Buffer.from(given(plaintext), 'base64');
  return key.length === 32 ? key : undefined;
}

/**
 * Authentication, permission and state of the key are the operator's to mend; any other 4xx is about the blob, which itself
 * names a key, or its context.
 */
const OPERATORS =
  /^(Forbidden(?!\.Key(Version)?NotFound$)|Rejected|InvalidAccessKeyId|InvalidSecurityToken|IncompleteSignature|SignatureDoesNotMatch|SignatureNonceUsed|IllegalTimestamp|InvalidTimeStamp)/;

/** Whether KMS refused for what it was given, and not for who asked. */
export function isAboutBlob({ code, said }: Fault): boolean {
  return code === 'kms-refused' && !OPERATORS.test(said?.code ?? '');
}

function refusedBlob(error: Fault): never {
  throw isAboutBlob(error) ? cannotOpen(`KMS: ${error.detail}`) : error;
}
