import { Failure } from '../terminal/failure';

/** An object, or with an empty or ending key a prefix: `oss://bucket/key`. */
export type Location = { bucket: string; key: string };

const URL_FORM = /^oss:\/\/([a-z0-9][a-z0-9-]{1,61}[a-z0-9])(?:\/(.*))?$/s;

export function isLocation(text: string): boolean {
  return text.startsWith('oss://');
}

/** Reads `oss://bucket/key`. The key is taken as it stands, nothing in it is decoded. Throws `usage-wrong`. */
export function readLocation(text: string): Location {
  const [, bucket, key = ''] = URL_FORM.exec(text) ?? [];
  if (bucket === undefined) throw new Failure('usage-wrong', `Cannot read ${text}: give oss://bucket/key`);
  return { bucket, key };
}

/** The same, of one object. */
export function readObjectLocation(text: string): Location {
  const location = readLocation(text);
  if (location.key === '') throw new Failure('usage-wrong', `Cannot read ${text}: it names no object`);
  return location;
}

/** The same, with `?versionId=…` at its end where one version is meant. */
export function readVersionLocation(text: string): Location & { versionId: string | undefined } {
  const [, object = text, versionId] = /^(.*)\?versionId=([\w.-]+)$/s.exec(text) ?? [];
  return { ...readObjectLocation(object), versionId };
}

export function showLocation({ bucket, key }: Location): string {
  return `oss://${bucket}/${key}`;
}
