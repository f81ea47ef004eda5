import type { Bench } from '../../deployment';

/** Tokens, signatures, signed parameters and answers of KMS, however they may come into a line. */
const SECRET =
  /CAIS|STS\.|x-oss-(signature|security-token|credential)|[Ss]ignature[=:]|"Plaintext"|CiphertextBlob/;

/**
 * The lines of all logs, and entries of the journal, that hold key material, a token, a signature or one of `secrets`:
 * contents, and signed URLs, of which the signature counts.
 */
export function leaksOf({ reports, cloud, owner }: Bench, secrets: string[]): string[] {
  const signatures = secrets.map((secret) => /x-oss-signature=(\w+)/.exec(secret)?.[1] ?? secret);
  const wanted = [owner.credentials.accessKeySecret, ...signatures].flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('hex'),
  ]);
  const lines = reports.flatMap(({ logs, error }) => [...logs, JSON.stringify(error ?? '')]);
  const entries = cloud.journal.entries().map((entry) => JSON.stringify(entry));
  return [...lines, ...entries].filter(
    (line) => SECRET.test(line) || wanted.some((secret) => line.includes(secret)),
  );
}
