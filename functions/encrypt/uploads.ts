import { utf8 } from '../characters';
import { Fault } from '../fault';

/** One upload to the inbox, as OSS announced it, or as the sweep found it (then with its version id). */
export type Upload = {
  bucket: string;
  key: string;
  eTag: string;
  versionId: string | undefined;
  /** An append, as OSS tells of each: of the last one the sweep tells again. */
  isAppend?: true;
  /** ISO 8601, in whole seconds, where the event tells. */
  uploadedAt: string | undefined;
  /** The event that announces this upload alone, to be delivered again. */
  event: string;
};

/** The operations that leave an object behind that is, or may be, whole. */
const UPLOADS = ['PutObject', 'PostObject', 'CopyObject', 'CompleteMultipartUpload', 'AppendObject'].map(
  (name) => `ObjectCreated:${name}`,
);

/** The uploads of an event of the native OSS trigger, in its order. Throws `event-invalid` where any of it is not one. */
export function readUploads(event: Buffer): Upload[] {
  const { events } = parse(event) as { events?: unknown };
  if (!Array.isArray(events) || events.length === 0) throw invalid('it is no list of OSS events');
  return events.map(readUpload);
}

type OssRecord = {
  eventName?: unknown;
  eventTime?: unknown;
  oss?: { bucket?: { name?: unknown }; object?: { key?: unknown; eTag?: unknown; versionId?: unknown } };
};

function readUpload(record: OssRecord | null): Upload {
  const { eventName, eventTime, oss } = record ?? {};
  const name = textOf(eventName, 'eventName');
  if (!UPLOADS.includes(name)) throw invalid(`${name} is no upload`);
  const versionId = oss?.object?.versionId;
  return {
    bucket: textOf(oss?.bucket?.name, 'oss.bucket.name'),
    key: textOf(oss?.object?.key, 'oss.object.key'),
    eTag: textOf(oss?.object?.eTag, 'oss.object.eTag'),
    versionId: versionId === undefined ? undefined : textOf(versionId, 'oss.object.versionId'),
    ...(name === 'ObjectCreated:AppendObject' && versionId === undefined && { isAppend: true }),
    uploadedAt: typeof eventTime === 'string' ? eventTime : undefined,
    event: JSON.stringify({ events: [record] }),
  };
}

function parse(event: Buffer): object {
  const text = utf8(event);
  if (text === undefined) throw invalid('it is not UTF-8');
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null) return json;
  } catch {
    throw invalid('it is not JSON');
  }
  throw invalid('it is no JSON object');
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw invalid(`${name} is missing`);
  return value;
}

function invalid(why: string): Fault {
  return new Fault('event-invalid', `Cannot read the event: ${why}`);
}
