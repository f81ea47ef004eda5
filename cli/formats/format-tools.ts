import { isAboutBlob } from '../../functions/cloud/keys';
import { Fault } from '../../functions/fault';
import { keyOperationsAt } from '../cloud/key-operations';
import { checkTrusted, type Trusting } from '../envelope/trusted-keys';
import type { Session } from '../session/session';
import { Failure } from '../terminal/failure';
import { decodeBase64 } from './base64';
import type { FormatTools } from './format';

/** What the formats need, by KMS of the session's region. `named`: the keys to trust; undefined: the deployment's. */
export function formatToolsOf(session: Session, named?: string[]): FormatTools {
  const trusting = { doing: 'open the file', named };
  return {
    decrypt: async (blob, context) => plaintextBytes(await decryptBlob(session, { blob, context }, trusting)),
    interrupted: session.interrupted,
  };
}

type Encrypted = { blob: string; context?: string | undefined };

/**
 * KMS Decrypt. Returns the text that Encrypt was given, or a data key in base64. No blob names its key: KMS says
 * which it was, and only then can it be a trusted one. Throws `key-differs`, `keys-unknown`, `cannot-open` where KMS does not
 * accept the blob under this context, and what KMS refuses the caller with.
 */
export async function decryptBlob(
  session: Session,
  { blob, context }: Encrypted,
  trusting: Trusting,
): Promise<string> {
  const { plaintext, keyId } = await keyOperationsAt(session.kms())
    .decrypt({ ciphertextBlob: blob, context })
    .catch(refusedBlob);
  if (!plaintext || !keyId)
    throw new Fault('kms-unavailable', 'Cannot use the answer of KMS: a field is missing');
  await checkTrusted(session, keyId, trusting);
  return plaintext;
}

/** Encrypt takes base64, but keeps any text as it is: what is no base64 was given as it stands. */
export function plaintextBytes(plaintext: string): Buffer {
  return decodeBase64(plaintext) ?? Buffer.from(plaintext);
}

function refusedBlob(error: Fault): never {
  if (!isAboutBlob(error)) throw error;
  throw new Failure('cannot-open', 'Cannot open the file: KMS does not accept its ciphertext', {
    detail: `KMS: ${error.detail}`,
    todo: 'check its region and, where it has one, its encryption context; else fetch the file again',
  });
}
