import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import completeMultipartUpload from '../../../events/complete-multipart-upload.json';
import putObject from '../../../events/put-object.json';
import { readUploads } from '../../../functions/encrypt/uploads';

const refused = expect.objectContaining({ code: 'event-invalid', status: 400, remedy: 'final' });

function sample(name: string): Buffer {
  return readFileSync(`${import.meta.dirname}/../../../events/${name}.json`);
}

/** The documented event with another record. */
function eventOf(record: unknown): Buffer {
  return Buffer.from(JSON.stringify({ events: [record] }));
}

const record = putObject.events[0] ?? expect.fail('no record');

describe('sample events', () => {
  test('put-object.json, the documented example', () => {
    expect(readUploads(sample('put-object'))).toEqual([
      {
        bucket: 'testbucket',
        key: 'source/a.png',
        eTag: '688A7BF4F233DC9C88A80BF985AB****',
        versionId: undefined,
        uploadedAt: putObject.events[0]?.eventTime,
        event: JSON.stringify(putObject),
      },
    ]);
  });

  test('complete-multipart-upload.json: every record, in its order, keys as they stand', () => {
    expect(readUploads(sample('complete-multipart-upload'))).toMatchObject([
      { bucket: 'the-inbox', key: 'videos/2026/年会.mp4', eTag: '4F1C2B9A6D3E8F7054A1B2C3D4E5F607-13' },
      { bucket: 'the-inbox', key: 'backup/100%/a+b c.tar', eTag: '9B2D4F6081A3C5E7F90B1D2F3A4C5E6F-2' },
    ]);
  });

  test('eventbridge.json: the CloudEvents flavour is refused', () => {
    expect(() => readUploads(sample('eventbridge'))).toThrow(refused);
  });
});

describe('event names', () => {
  test.each(['PutObject', 'PostObject', 'CopyObject', 'CompleteMultipartUpload', 'AppendObject'])(
    '%s is an upload',
    (name) => {
      const event = eventOf({ ...record, eventName: `ObjectCreated:${name}` });
      expect(readUploads(event).length).toBe(1);
    },
  );

  test.each([
    'ObjectCreated:InitiateMultipartUpload',
    'ObjectCreated:UploadPart',
    'ObjectCreated:UploadPartCopy',
    'ObjectCreated:PutSymlink',
    'ObjectCreated:*',
    'ObjectRemoved:DeleteObject',
    'ObjectModified:UpdateObjectMeta',
    'oss:ObjectCreated:PutObject',
    'PutObject',
    '',
    null,
    1,
    ['ObjectCreated:PutObject'],
  ])('%j is no upload', (eventName) => {
    expect(() => readUploads(eventOf({ ...record, eventName }))).toThrow(refused);
  });
});

describe('records', () => {
  const { oss } = record;

  test('objectMeta, ruleId and sizes are not needed', () => {
    const { key, eTag } = oss.object;
    const lean = { eventName: record.eventName, oss: { bucket: { name: 'b' }, object: { key, eTag } } };
    expect(readUploads(eventOf(lean))).toMatchObject([{ bucket: 'b', key, eTag }]);
  });

  test('the version id of a sweep is read', () => {
    const found = { ...oss, object: { ...oss.object, versionId: 'CAE' } };
    expect(readUploads(eventOf({ ...record, oss: found }))).toMatchObject([{ versionId: 'CAE' }]);
  });

  test('each upload has an event of its own, which reads as that upload', () => {
    const uploads = readUploads(sample('complete-multipart-upload'));
    const again = uploads.flatMap(({ event }) => readUploads(Buffer.from(event)));
    expect(again).toEqual(uploads);
  });

  test.each([
    ['oss.object.versionId', { ...oss, object: { ...oss.object, versionId: '' } }],
    ['oss.object.versionId', { ...oss, object: { ...oss.object, versionId: null } }],
    ['oss.bucket.name', { ...oss, bucket: {} }],
    ['oss.bucket.name', { ...oss, bucket: { name: 1 } }],
    ['oss.bucket.name', { object: oss.object }],
    ['oss.object.key', { ...oss, object: { ...oss.object, key: '' } }],
    ['oss.object.key', { ...oss, object: { ...oss.object, key: ['a'] } }],
    ['oss.object.key', { ...oss, object: null }],
    ['oss.object.eTag', { ...oss, object: { ...oss.object, eTag: undefined } }],
  ])('%s is named where it is missing: %j', (name, changed) => {
    expect(() => readUploads(eventOf({ ...record, oss: changed }))).toThrow(
      `Cannot read the event: ${name} is missing`,
    );
  });

  test.each([null, 1, 'ObjectCreated:PutObject', [], {}])('%j is no record', (changed) => {
    expect(() => readUploads(eventOf(changed))).toThrow(refused);
  });

  test('one wrong record refuses the whole event', () => {
    const events = [...completeMultipartUpload.events, { eventName: 'ObjectRemoved:DeleteObject' }];
    expect(() => readUploads(Buffer.from(JSON.stringify({ events })))).toThrow(refused);
  });
});

test('an event that is not UTF-8 is refused, whatever it would be with U+FFFD', () => {
  const event = Buffer.from(JSON.stringify(putObject).replace('a.png', '\xf6.png'), 'latin1');
  expect(() => readUploads(event)).toThrow(refused);
  expect(() => readUploads(event)).toThrow('it is not UTF-8');
});

test.each(['', '{', 'null', '1', '"events"', '[]', '{}', '{"events":{}}', '{"events":[]}', '\ufeff{}'])(
  'event %j is refused',
  (event) => {
    expect(() => readUploads(Buffer.from(event))).toThrow(refused);
  },
);
