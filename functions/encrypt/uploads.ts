import { Fault } from '../fault';

/** One upload to the inbox, as OSS announced it. */
export type Upload = { bucket: string; key: string; eTag: string };

/** The operations that leave a whole object behind. */
const UPLOADS = ['PutObject', 'PostObject', 'CopyObject', 'CompleteMultipartUpload'].map(
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
  oss?: { bucket?: { name?: unknown }; object?: { key?: unknown; eTag?: unknown } };
};

function readUpload(record: OssRecord | null): Upload {
  const { eventName, oss } = record ?? {};
  const name = text(eventName, 'eventName');
  if (!UPLOADS.includes(name)) throw invalid(`${name} is no upload`);
  return {
    bucket: text(oss?.bucket?.name, 'oss.bucket.name'),
    key: text(oss?.object?.key, 'oss.object.key'),
    eTag: text(oss?.object?.eTag, 'oss.object.eTag'),
  };
}

function parse(event: Buffer): object {
  try {
    const json: unknown = JSON.parse(event.toString('utf8'));
    if (typeof json === 'object' && json !== null) return json;
  } catch {
    throw invalid('it is not JSON');
  }
  throw invalid('it is no JSON object');
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw invalid(`${name} is missing`);
  return value;
}

function invalid(why: string): Fault {
  return new Fault('event-invalid', `Cannot read the event: ${why}`);
}
