import { expect, test } from 'vitest';
import { refuseOverlaps, triggerFires } from '../../../infra/declared/triggers';
import { record } from '../local/fc/running-fc';

const trigger = {
  name: 't',
  bucket: 'inbox',
  events: ['oss:ObjectCreated:PutObject'],
  prefix: 'in/',
  suffix: '.pdf',
};

test.each([
  ['inbox', 'in/a.pdf', 'ObjectCreated:PutObject', true],
  ['inbox', 'in/a%20b.pdf', 'ObjectCreated:PutObject', true],
  ['other', 'in/a.pdf', 'ObjectCreated:PutObject', false],
  ['inbox', 'out/a.pdf', 'ObjectCreated:PutObject', false],
  ['inbox', 'in/a.txt', 'ObjectCreated:PutObject', false],
  ['inbox', 'in/a.pdf', 'ObjectCreated:PutObjectX', false],
  ['inbox', 'in/a.pdf', 'ObjectCreated:CompleteMultipartUpload', false],
])('bucket=%s,key=%s,event=%s fires: %s [documented]', (bucket, key, eventName, expected) => {
  expect(triggerFires(trigger, record(bucket, key, eventName))).toBe(expected);
});

test('ObjectCreated:* takes the parts of a multipart upload too, ObjectRemoved:* none of them [documented]', () => {
  const part = record('inbox', 'in/a.pdf', 'ObjectCreated:UploadPart');
  expect(triggerFires({ ...trigger, events: ['oss:ObjectCreated:*'] }, part)).toBe(true);
  expect(triggerFires({ ...trigger, events: ['oss:ObjectRemoved:*'] }, part)).toBe(false);
});

test.each([
  [{ prefix: '' }, true],
  [{ prefix: 'in/deeper/' }, true],
  [{ prefix: 'out/' }, false],
  [{ suffix: '.txt' }, false],
  [{ suffix: 'f' }, true],
  [{ bucket: 'other' }, false],
  [{ events: ['oss:ObjectCreated:*'] }, true],
  [{ events: ['oss:ObjectCreated:PostObject'] }, false],
])('beside the trigger, one with %j overlaps: %s [documented]', (change, expected) => {
  const spec = (name: string, ossTriggers: (typeof trigger)[]) => ({
    name,
    handler: 'index.handler',
    code: '/',
    timeout: 3,
    memorySize: 512,
    environmentVariables: {},
    asyncInvoke: { isConfigured: false, maxRetryAttempts: 3, maxEventAge: 86_400, isTask: false },
    timerTriggers: [],
    ossTriggers,
  });
  const check = () => refuseOverlaps([spec('a', [trigger]), spec('b', [{ ...trigger, ...change }])]);
  if (expected) expect(check).toThrow(/overlapping/);
  else expect(check).not.toThrow();
});
