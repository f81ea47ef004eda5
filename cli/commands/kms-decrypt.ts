import { Command } from '@commander-js/extra-typings';
import { outputFor } from '../files/default-output';
import { checkDestination, deliver, STDOUT, showDestination, showSource } from '../files/deliver';
import { readSmall } from '../files/small-input';
import { readOutput } from '../files/stream-output';
import { decryptBlob, plaintextBytes } from '../formats/format-tools';
import { readContext } from '../formats/kms-context';
import { tellSkipped } from '../formats/text';
import { readBlob, TEXT_MAX } from '../formats/wrapped-key';
import { run, type Work } from '../session/run';
import { asFailure, Failure } from '../terminal/failure';
import { humanBytes } from '../terminal/human';
import { trustKeyOption } from '../terminal/trust-key';

const SUFFIX = '.cipher';

const HELP = `
What KMS returns is decoded where it is base64, and left as it stands where it is not. A secret that was given to KMS as it
stands and happens to be base64 itself comes back decoded, too, unless --verbatim is said.

Example:
  oss-envelope kms-decrypt key.pem.cipher -o - | openssl pkey -noout -text`;

export function kmsDecryptCommand() {
  return new Command('kms-decrypt')
    .description('a secret that kms-encrypt, or any program by KMS Encrypt, encrypted (needs kms:Decrypt)')
    .argument('<file>', 'what KMS returned, as text or in the JSON of aliyun kms, or - for standard input')
    .option(
      '-o, --output <file>',
      `where the secret goes, - for standard output (default: FILE without ${SUFFIX})`,
      readOutput,
    )
    .option('--context <json>', 'the encryption context that it was encrypted under')
    .option('--verbatim', 'leaves what KMS returns as it stands')
    .addOption(trustKeyOption())
    .option('--force', 'replaces a file that is there')
    .addHelpText('after', HELP)
    .action((file, options, command) => {
      const path = options.output ?? outputFor(file, SUFFIX);
      return run(command, (work) => kmsDecrypt(work, file, { ...options, path }), {
        isTaken: path === STDOUT,
      });
    });
}

type Wanted = {
  path: string | undefined;
  output?: string;
  context?: string;
  verbatim?: true;
  trustKey?: string[];
  force?: true;
};

async function kmsDecrypt(
  work: Work,
  file: string,
  { path, force, output, ...wanted }: Wanted,
): Promise<void> {
  if (path === undefined) {
    throw new Failure('usage-wrong', `Cannot decrypt ${file}: nothing tells where the secret is to go`, {
      todo: `say it with -o, for a name that does not end in ${SUFFIX}`,
    });
  }
  await checkDestination({ path, force });
  const context = wanted.context === undefined ? undefined : readContext(wanted.context);
  const skipped = new Set<string>();
  const blob = await readCiphertext(file, work.interrupted, skipped);
  const trusting = { doing: `decrypt ${file}`, named: wanted.trustKey };
  const text = await decryptBlob(await work.session(), { blob, context }, trusting).catch((error) => {
    throw asFailure(error, { left: file === STDOUT ? 'everything' : `${file}; nothing was written` });
  });
  const secret = wanted.verbatim ? Buffer.from(text) : plaintextBytes(text);
  const bytes = secret.length;
  await deliver(work, [secret], { path, force, output, label: 'decrypt', total: undefined });
  work.output.item({ file, output: path, bytes, ...tellSkipped(work.output, showSource(file), skipped) });
  work.output.say(`decrypted ${file}, ${humanBytes(bytes)}, ${showDestination(path)}`);
}

async function readCiphertext(file: string, interrupted: AbortSignal, skipped: Set<string>): Promise<string> {
  const text = await readSmall(file, TEXT_MAX, interrupted);
  if (text) return readBlob(text, 'the file as kms', skipped);
  throw new Failure('format-wrong', `Cannot decrypt ${file} by KMS: it has more than ${TEXT_MAX} bytes`);
}
