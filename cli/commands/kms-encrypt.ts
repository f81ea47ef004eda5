import { Command } from '@commander-js/extra-typings';
import { utf8 } from '../../functions/characters';
import { type KeyOperations, keyOperationsAt } from '../cloud/key-operations';
import { defaultKey } from '../envelope/data-key';
import { checkDestination, deliver, STDOUT, showDestination } from '../files/deliver';
import { readSmall } from '../files/small-input';
import { readOutput } from '../files/stream-output';
import { readContext } from '../formats/kms-context';
import { run, type Work } from '../session/run';
import type { Session } from '../session/session';
import { asFailure, Failure, refusedWithout } from '../terminal/failure';

/** What KMS Encrypt takes (alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-encrypt). */
const BYTES_MAX = 6144;

const HELP = `
The file holds what KMS returned, as text. Alibaba's document gives the text to KMS as it stands, its API reference and
most programs the base64 of it: so does this, unless --verbatim is said. kms-decrypt reads both.

Example:
  oss-envelope kms-encrypt key.pem && rm key.pem`;

export function kmsEncryptCommand() {
  return new Command('kms-encrypt')
    .description('a secret of up to 6 KB, encrypted by KMS itself (needs kms:Encrypt)')
    .argument('<file>', 'what to encrypt, or - for standard input')
    .option(
      '-o, --output <file>',
      'where the ciphertext goes, - for standard output (default: FILE.cipher)',
      readOutput,
    )
    .option('--key <key>', 'id, alias or ARN of the key in KMS (default: the alias of the deployment)')
    .option('--context <json>', 'encryption context, a JSON object of texts; needed again to decrypt')
    .option('--verbatim', 'gives the text to KMS as it stands, for programs that expect that')
    .option('--force', 'replaces a file that is there')
    .addHelpText('after', HELP)
    .action((file, options, command) => {
      const path = options.output ?? (file === STDOUT ? STDOUT : `${file}.cipher`);
      return run(command, (work) => kmsEncrypt(work, file, { ...options, path }), {
        isTaken: path === STDOUT,
      });
    });
}

type Wanted = {
  path: string;
  output?: string;
  key?: string;
  context?: string;
  verbatim?: true;
  force?: true;
};

async function kmsEncrypt(
  work: Work,
  file: string,
  { path, force, output, ...wanted }: Wanted,
): Promise<void> {
  await checkDestination({ path, force });
  const context = wanted.context === undefined ? undefined : readContext(wanted.context);
  const secret = await readSecret(file, work.interrupted);
  try {
    const plaintext = wanted.verbatim ? textOf(secret) : secret.toString('base64');
    const session = await work.session();
    const keyId = wanted.key ?? defaultKey(session);
    const wrapped = await encrypt(session, { keyId, plaintext, context });
    const content = [Buffer.from(wrapped.ciphertextBlob)];
    await deliver(work, content, { path, force, output, label: 'encrypt', total: undefined });
    const under = { keyId: wrapped.keyId, keyVersionId: wrapped.keyVersionId };
    work.output.item({ file, output: path, bytes: secret.length, ...under });
    work.output.say(`encrypted ${file} under key ${wrapped.keyId}, ${showDestination(path)}`);
  } catch (error) {
    throw asFailure(error, { left: file === STDOUT ? 'everything' : `${file}; nothing was written` });
  } finally {
    secret.fill(0);
  }
}

async function readSecret(file: string, interrupted: AbortSignal): Promise<Buffer> {
  const secret = await readSmall(file, BYTES_MAX, interrupted);
  if (secret?.length === 0) throw new Failure('usage-wrong', `Cannot encrypt ${file}: it is empty`);
  if (secret) return secret;
  throw new Failure(
    'too-large',
    `Cannot encrypt ${file} by KMS: it has more than the ${BYTES_MAX} bytes that KMS takes`,
    { todo: 'seal it instead: oss-envelope seal' },
  );
}

async function encrypt(session: Pick<Session, 'kms'>, given: Parameters<KeyOperations['encrypt']>[0]) {
  const wrapped = await keyOperationsAt(session.kms())
    .encrypt(given)
    .catch(refusedWithout('kms:Encrypt', given.keyId));
  if (wrapped.ciphertextBlob) return wrapped;
  throw new Failure('kms-unavailable', 'Cannot use the answer of KMS: a field is missing');
}

function textOf(secret: Buffer): string {
  const text = utf8(secret);
  if (text !== undefined) return text;
  throw new Failure('usage-wrong', 'Cannot give this to KMS verbatim: it is no UTF-8 text', {
    todo: 'leave --verbatim out: its base64 is encrypted then',
  });
}
