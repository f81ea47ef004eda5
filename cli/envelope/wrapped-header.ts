import { encryptionContext, type Header, type WrappedKey } from '../../functions/envelope/envelope';
import { KEY_ARN, parseHeader, rewriteHeader } from '../../functions/envelope/header';
import { Fault } from '../../functions/fault';
import { keyOperationsAt } from '../cloud/key-operations';
import type { Session } from '../session/session';
import { Failure, refusedWithout } from '../terminal/failure';

/** The key that data keys are to be wrapped under. */
export type Destination = {
  arn: string;
  keyId: string;
  region: string;
  /** The version that wraps now; empty where KMS does not tell. */
  version: string;
};

/** Of which wrapped keys of an envelope one is to be replaced, the first that is under a trusted key; or why none is. */
export type Choice = { due: WrappedKey[] } | 'already' | 'other-key';

/** Asks KMS which key `to` (id, ARN or alias) is. Throws `kms-refused` where it cannot wrap anything now. */
export async function destinationOf(session: Pick<Session, 'kms'>, to: string): Promise<Destination> {
  const { arn, state, usage, primaryVersion } = await keyOperationsAt(session.kms()).describe(to);
  const [, region, , keyId] = KEY_ARN.exec(arn) ?? [];
  if (region === undefined || keyId === undefined)
    throw new Failure('kms-unavailable', `Cannot rewrap to ${to}: KMS does not tell its ARN`);
  if (state === 'Enabled' && usage === 'ENCRYPT/DECRYPT')
    return { arn, keyId, region, version: primaryVersion };
  const why = state === 'Enabled' ? `is for ${usage}` : `is ${state}`;
  throw new Failure('kms-refused', `Cannot rewrap to ${to}: the key ${why}`, {
    todo: 'enable it, or choose another',
  });
}

/**
 * The wrapped keys under `from` (ARN or id), else all. None is due where one is under the destination and its newest version
 * already.
 */
export function choose({ wrappedKeys }: Header, to: Destination, from?: string): Choice {
  const isDone = ({ keyArn, keyVersionId }: WrappedKey) =>
    keyArn === to.arn && (to.version === '' || keyVersionId === to.version);
  const due = wrappedKeys.filter(({ keyArn }) => from === undefined || isNamed(keyArn, from));
  if ((due.length > 0 ? due : wrappedKeys).some(isDone)) return 'already';
  return due.length > 0 ? { due } : 'other-key';
}

function isNamed(keyArn: string, name: string): boolean {
  return keyArn === name || keyArn.endsWith(`:key/${name}`);
}

/**
 * The header with one wrapped key replaced by its ReEncrypt under the destination, in its place and of the same length.
 * The data key stays in KMS. Throws `too-large` where the header has no room, and what KMS refuses with.
 */
export async function wrapAnew(
  session: Pick<Session, 'kms'>,
  header: Header,
  { due, to }: { due: WrappedKey; to: Destination },
): Promise<Buffer> {
  if (due.region !== to.region) {
    throw new Failure(
      'key-differs',
      `Cannot rewrap: its data key is wrapped in ${due.region}, the key is in ${to.region}`,
      {
        todo: `give a key in ${due.region}, and --region ${due.region}`,
      },
    );
  }
  const context = JSON.stringify(encryptionContext(header.factsBytes));
  const { ciphertextBlob, keyId, keyVersionId } = await keyOperationsAt(session.kms(due.region))
    .reEncrypt({ ciphertextBlob: due.ciphertextBlob, to: to.keyId, context })
    .catch(refusedWithout('kms:ReEncryptFrom and kms:ReEncryptTo', `${due.keyArn} and ${to.arn}`));
  if (keyId !== to.keyId || ciphertextBlob === '')
    throw new Fault('kms-unavailable', 'Cannot use the answer of KMS: it is about another key');
  const wrapped = { ...due, region: to.region, keyArn: to.arn, keyVersionId, ciphertextBlob };
  const keys = header.wrappedKeys.map((key) => (key === due ? wrapped : key));
  return checked(header, rewriteHeader(header, keys));
}

/** What a reader will find in it: the same but for the wrapped keys. Throws `cannot-open`. */
function checked(before: Header, bytes: Buffer): Buffer {
  const after = parseHeader(bytes);
  const isSame =
    after.length === before.length &&
    after.factsBytes.equals(before.factsBytes) &&
    after.metadata.equals(before.metadata);
  if (!isSame) throw new Fault('internal', 'Cannot rewrap: the header would say something else');
  return bytes;
}
