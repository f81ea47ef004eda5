import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RunningMns, runMns, textAt, textMessage, xml } from './running-mns';

const start = Date.UTC(2026, 7, 23);
let time = start;
let mns: RunningMns;
beforeEach(async () => {
  time = start;
  mns = await runMns({ now: () => time });
  await mns.createQueue('q');
});
afterEach(() => mns.close());

const send = (body: string, more = '') => mns.call('POST', '/queues/q/messages', textMessage(body, more));
const receive = () => mns.call('GET', '/queues/q/messages');
const handleOf = async () => textAt(await receive(), 'Message/ReceiptHandle') ?? '';

test('a message that is sent is received with its facts, and not again while it is hidden [documented]', async () => {
  const sent = await send('a &amp;lt; &lt;b&gt;&#13;\n');
  expect(sent).toMatchObject({ status: 201, body: { Message: { MessageBodyMD5: expect.any(String) } } });
  time += 500;
  const { status, body } = await receive();
  expect(status).toBe(200);
  expect(body.Message).toEqual({
    '@_xmlns': 'http://mns.aliyuncs.com/doc/v1/',
    MessageId: textAt(sent, 'Message/MessageId'),
    MessageBody: 'a &lt; <b>\r\n',
    MessageBodyMD5: textAt(sent, 'Message/MessageBodyMD5'),
    EnqueueTime: String(start),
    FirstDequeueTime: String(start + 500),
    DequeueCount: '1',
    Priority: '8',
    ReceiptHandle: expect.any(String),
    NextVisibleTime: String(start + 30_500),
  });
  expect(await receive()).toMatchObject({ status: 404, body: { Error: { Code: 'MessageNotExist' } } });
  time += 30_000;
  expect(textAt(await receive(), 'Message/DequeueCount')).toBe('2');
});

test('a message is gone once its receiver has deleted it, in time [documented]', async () => {
  await send('x');
  const late = await handleOf();
  time += 30_000;
  const path = `/queues/q/messages?ReceiptHandle=`;
  expect((await mns.call('DELETE', path + late)).status).toBe(404);
  expect((await mns.call('DELETE', path + (await handleOf()))).status).toBe(204);
  time += 3_600_000;
  expect((await receive()).status).toBe(404);
});

test('changing the visibility hides a message anew, under a new receipt handle [documented]', async () => {
  await send('x');
  const handle = await handleOf();
  const path = `/queues/q/messages?receiptHandle=${handle}&visibilityTimeout=60`;
  const changed = await mns.call('PUT', path, '');
  expect(textAt(changed, 'ChangeVisibility/NextVisibleTime')).toBe(String(start + 60_000));
  expect((await mns.call('DELETE', `/queues/q/messages?ReceiptHandle=${handle}`)).status).toBe(404);
  time += 59_999;
  expect((await receive()).status).toBe(404);
  time += 1;
  expect((await receive()).status).toBe(200);
});

test('peeking leaves a message as it is [documented]', async () => {
  await send('x');
  for (const _ of [1, 2]) {
    const peeked = await mns.call('GET', '/queues/q/messages?peekonly=true');
    expect(textAt(peeked, 'Message/DequeueCount')).toBe('0');
    expect(textAt(peeked, 'Message/ReceiptHandle')).toBeUndefined();
  }
});

test('priority comes first, then age; a delay last [documented]', async () => {
  await send('first');
  await send('delayed', '<DelaySeconds>10</DelaySeconds>');
  await send('urgent', '<Priority>1</Priority>');
  const bodies = [await receive(), await receive()].map((answer) => textAt(answer, 'Message/MessageBody'));
  expect(bodies).toEqual(['urgent', 'first']);
  expect((await receive()).status).toBe(404);
  time += 10_000;
  expect(textAt(await receive(), 'Message/MessageBody')).toBe('delayed');
});

test('batches of up to 16 are sent, peeked, received and deleted [documented]', async () => {
  const messages = (count: number) =>
    xml(
      'Messages',
      Array.from({ length: count }, (_, i) => `<Message><MessageBody>${i}</MessageBody></Message>`).join(''),
    );
  expect((await mns.call('POST', '/queues/q/messages', messages(17))).status).toBe(400);
  expect((await mns.call('POST', '/queues/q/messages', messages(3))).status).toBe(201);
  const peeked = await mns.call('GET', '/queues/q/messages?peekonly=true&numOfMessages=16');
  expect(peeked.body).toMatchObject({ Messages: { Message: [{ MessageBody: '0' }, {}, {}] } });
  const { body } = await mns.call('GET', '/queues/q/messages?numOfMessages=2');
  const received = (body.Messages as { Message: { ReceiptHandle: string }[] }).Message;
  expect(received).toHaveLength(2);
  const handles = [...received.map(({ ReceiptHandle }) => ReceiptHandle), 'unknown'];
  const list = handles.map((handle) => `<ReceiptHandle>${handle}</ReceiptHandle>`).join('');
  const deleted = await mns.call('DELETE', '/queues/q/messages', xml('ReceiptHandles', list));
  expect(deleted).toMatchObject({
    status: 404,
    body: { Errors: { Error: { ErrorCode: 'ReceiptHandleError', ReceiptHandle: 'unknown' } } },
  });
  time += 60_000;
  expect(textAt(await receive(), 'Message/MessageBody')).toBe('2');
});

test('who waits gets the message that comes in [documented]', async () => {
  const waiting = mns.call('GET', '/queues/q/messages?waitseconds=30');
  await mns.send({ queue: 'q', body: 'late' });
  expect(textAt(await waiting, 'Message/MessageBody')).toBe('late');
});

test('what is older than MessageRetentionPeriod is gone [documented]', async () => {
  await send('x');
  time += 345_600_000;
  expect((await receive()).status).toBe(404);
});

test('messages outlive a restart, as they were [assumed]', async () => {
  await send('kept');
  await send('deleted', '<Priority>1</Priority>');
  await mns.call('DELETE', `/queues/q/messages?ReceiptHandle=${await handleOf()}`);
  await mns.close();
  mns = await runMns({ now: () => time, data: mns.data });
  expect(mns.peek('q').map(({ body }) => body)).toEqual(['kept']);
});

describe('refused', () => {
  test.each([
    ['no XML', 400, 'MalformedXML'],
    [xml('Other', ''), 400, 'MalformedXML'],
    [xml('Message', ''), 400, 'MalformedXML'],
    [textMessage(''), 400, 'InvalidArgument'],
    [textMessage('x', '<Priority>17</Priority>'), 400, 'InvalidArgument'],
    [textMessage('x', '<DelaySeconds>604801</DelaySeconds>'), 400, 'InvalidArgument'],
    [textMessage('x', '<DelaySeconds>-1</DelaySeconds>'), 400, 'InvalidArgument'],
  ])('%s: %i %s [documented]', async (body, status, code) => {
    const answer = await mns.call('POST', '/queues/q/messages', body);
    expect([answer.status, textAt(answer, 'Error/Code')]).toEqual([status, code]);
  });

  test.each([
    ['GET', '/queues/none/messages', 404, 'QueueNotExist'],
    ['GET', '/queues/q/messages?waitseconds=31', 400, 'InvalidArgument'],
    ['GET', '/queues/q/messages?numOfMessages=17', 400, 'InvalidArgument'],
    ['PUT', '/queues/q/messages?receiptHandle=x', 400, 'MissingVisibilityTimeout'],
    ['PUT', '/queues/q/messages?receiptHandle=x&visibilityTimeout=0', 400, 'InvalidArgument'],
    ['GET', '/topics/t', 501, 'NotImplemented'],
    ['GET', '/elsewhere', 400, 'InvalidRequestURL'],
    ['POST', '/queues/q', 400, 'InvalidRequestURL'],
  ])('%s %s: %i %s [documented]', async (method, resource, status, code) => {
    const answer = await mns.call(method, resource);
    expect([answer.status, textAt(answer, 'Error/Code')]).toEqual([status, code]);
  });
});
