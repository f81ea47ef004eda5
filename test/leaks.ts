import { readFileSync } from 'node:fs';
import type { Report } from '../infra/local/fc/server';

/** What no line may look like, whatever was sent. */
const SHAPES = [
  // Security tokens and the access keys that come with them; signatures, and what a signed URL has of them. A version id
  // may have the same letters, further on.
  /(?<![A-Za-z0-9_-])CAIS|STS\./,
  /x-oss-(signature|security-token|credential)|[Ss]ignature[=:]/,
  // Answers of KMS, and 32 bytes in base64 or hex: a data key.
  /"Plaintext"|CiphertextBlob/,
  /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=/,
  /(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])/,
  // Bytes as JSON and as Node print them.
  /"type":"Buffer"|<Buffer /,
];

/** Of a content so many bytes are looked for; in shorter ones there is nothing to be told apart from other words. */
const HEAD = 24;
const SHORTEST = 12;
const SHORTEST_NAME = 6;

/** The forms in which the beginning of a content may come into a line of JSON. */
export function formsOfContent(content: Buffer): string[] {
  if (content.length < SHORTEST) return [];
  const head = content.subarray(0, HEAD);
  // The last digits of base64 depend on what follows.
  const base64 = head.toString('base64').slice(0, Math.floor((head.length * 8) / 6));
  return [inJson(head.toString('utf8')), inJson(head.toString('latin1')), base64, head.toString('hex')];
}

/** The forms in which the name of something may come into a line; of a shorter one nothing could be told apart from other words. */
export function formsOfName(name: string): string[] {
  if (name.length < SHORTEST_NAME) return [];
  const encoded = encodeURIComponent(name);
  return [inJson(name), encoded, encoded.replaceAll('%2F', '/'), Buffer.from(name).toString('base64')];
}

/** The signatures in an answer that holds signed URLs. */
export function signaturesIn(text: string): string[] {
  return [...text.matchAll(/x-oss-signature=(\w+)/g)].map(([, signature = '']) => signature);
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

type Heard = {
  reports: Pick<Report, 'logs' | 'error'>[];
  cloud: { journal: { entries(): object[] } };
  /** Forms of contents, signatures, keys: whatever the bench has learnt that must stay where it was. */
  secrets: Set<string>;
  /** Forms of names that the cloud's journal may tell, and functions may not. */
  names?: Set<string>;
};

/** The lines of all logs, errors of functions and entries of the journal that hold what they must not, or are none of ours. */
export function leaksOf({ reports, cloud, secrets, names = new Set() }: Heard): string[] {
  const logs = reports.flatMap((report) => report.logs);
  const lines = [...logs, ...reports.flatMap(({ error }) => (error ? [JSON.stringify(error)] : []))];
  const journal = cloud.journal.entries().map((entry) => JSON.stringify(entry));
  const leaking = [
    ...logs.filter((line) => !isOurs(line)),
    ...holding(lines, names),
    ...holding([...lines, ...journal], secrets),
    ...[...lines, ...journal].filter((line) => SHAPES.some((shape) => shape.test(line))),
  ];
  return [...new Set(leaking)];
}

function holding(lines: string[], secrets: Set<string>): string[] {
  const text = lines.join('\n');
  const found = [...secrets].filter((secret) => text.includes(secret));
  return lines.filter((line) => found.some((one) => line.includes(one)));
}

/** Each line of a function is JSON with an outcome, and with no field that infra/operating.md does not show of it. */
function isOurs(line: string): boolean {
  try {
    const { outcome, ...fields } = JSON.parse(line);
    return Object.keys(fields).every((name) => documented.get(outcome)?.has(name) || isClaim(name));
  } catch {
    return false;
  }
}

const documented = new Map<string, Set<string>>();
for (const [line] of readFileSync('infra/operating.md', 'utf8').matchAll(/^\{"outcome":.*$/gm)) {
  const { outcome, ...fields } = JSON.parse(line);
  documented.set(outcome, new Set([...(documented.get(outcome) ?? []), ...Object.keys(fields)]));
}

function isClaim(name: string): boolean {
  return name.startsWith('x-jwt-');
}
