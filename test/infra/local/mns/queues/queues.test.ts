import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accountId, type RunningMns, runMns, textAt, textMessage, xml } from '../running-mns';

const start = Date.UTC(2026, 7, 23);
let time = start;
let mns: RunningMns;
beforeEach(async () => {
  time = start;
  mns = await runMns({ now: () => time });
});
afterEach(() => mns.close());

const create = (name: string, attributes = '') =>
  mns.call('PUT', `/queues/${name}`, xml('Queue', attributes));
const DELAY = '<DelaySeconds>5</DelaySeconds>';

describe('a queue', () => {
  test('is created once; again with the same attributes only [documented]', async () => {
    const created = await create('q', DELAY);
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`${mns.endpoint}/queues/q`);
    expect((await create('q', DELAY)).status).toBe(204);
    const other = await create('q');
    expect([other.status, textAt(other, 'Error/Code')]).toEqual([409, 'QueueAlreadyExist']);
  });

  test('tells its attributes and how many messages it has [documented]', async () => {
    await create('q', DELAY);
    time += 10_000;
    const changed = xml('Queue', '<VisibilityTimeout>60</VisibilityTimeout>');
    expect((await mns.call('PUT', '/queues/q?metaoverride=true', changed)).status).toBe(204);
    for (const delay of [0, 0, 60]) {
      const message = textMessage('x', `<DelaySeconds>${delay}</DelaySeconds>`);
      await mns.call('POST', '/queues/q/messages', message);
    }
    await mns.call('GET', '/queues/q/messages');
    expect((await mns.call('GET', '/queues/q')).body.Queue).toMatchObject({
      QueueName: 'q',
      CreateTime: String(start / 1000),
      LastModifyTime: String(start / 1000 + 10),
      DelaySeconds: '5',
      MaximumMessageSize: '65536',
      MessageRetentionPeriod: '345600',
      VisibilityTimeout: '60',
      PollingWaitSeconds: '0',
      ActiveMessages: '1',
      InactiveMessages: '1',
      DelayMessages: '1',
      LoggingEnabled: 'False',
    });
  });

  test('is listed by prefix and page, and gone once deleted [documented]', async () => {
    for (const name of ['a1', 'a2', 'a3', 'b']) await create(name);
    const list = (headers: Record<string, string>) => mns.call('GET', '/queues', undefined, { headers });
    const first = await list({ 'x-mns-prefix': 'a', 'x-mns-ret-number': '2' });
    expect(first.body.Queues).toMatchObject({
      Queue: [{ QueueURL: `${mns.endpoint}/queues/a1` }, { QueueURL: `${mns.endpoint}/queues/a2` }],
      NextMarker: 'a3',
    });
    const rest = await list({ 'x-mns-prefix': 'a', 'x-mns-marker': 'a3' });
    expect(rest.body.Queues).toMatchObject({ Queue: { QueueURL: `${mns.endpoint}/queues/a3` } });
    expect((await mns.call('DELETE', '/queues/a3')).status).toBe(204);
    expect(textAt(await mns.call('GET', '/queues/a3'), 'Error/Code')).toBe('QueueNotExist');
  });

  test.each([
    ['1q', 'InvalidQueueName'],
    ['q_1', 'InvalidQueueName'],
    ['a%2f..', 'InvalidQueueName'],
    ['a%00', 'InvalidQueueName'],
    ['q'.repeat(121), 'QueueNameLengthError'],
  ])('named %s is refused: %s [documented]', async (name, code) => {
    expect(textAt(await create(name), 'Error/Code')).toBe(code);
  });

  test('with an attribute out of its range is refused [documented]', async () => {
    const answer = await create('q', '<VisibilityTimeout>43201</VisibilityTimeout>');
    expect([answer.status, textAt(answer, 'Error/Code')]).toEqual([400, 'InvalidArgument']);
  });
});

describe('a request', () => {
  const HEADERS: [string, object, number, string][] = [
    ['without a signature', { authorization: '' }, 400, 'MissingAuthorizationHeader'],
    ['signed otherwise', { authorization: 'FC a:b' }, 400, 'InvalidAuthorizationHeader'],
    ['without a date', { date: undefined }, 400, 'MissingDateHeader'],
    ['with a date that is none', { date: 'soon' }, 400, 'InvalidDateHeader'],
    ['by nobody', { authorization: 'MNS LTAInobody:x' }, 403, 'InvalidAccessKeyId'],
  ];
  test.each(HEADERS)('%s is refused [documented]', async (_, headers, status, code) => {
    const answer = await mns.call('GET', '/queues', undefined, { headers: { ...headers } });
    expect([answer.status, textAt(answer, 'Error/Code')]).toEqual([status, code]);
  });

  test('signed with another secret is refused, and one that is late [documented]', async () => {
    const credentials = { ...mns.accessKeys.root, accessKeySecret: 'other' };
    const forged = await mns.call('GET', '/queues', undefined, { credentials });
    expect([forged.status, textAt(forged, 'Error/Code')]).toEqual([403, 'SignatureDoesNotMatch']);
    const late = await mns.call('GET', '/queues', undefined, { date: time - 15 * 60_000 - 1000 });
    expect([late.status, textAt(late, 'Error/Code')]).toEqual([408, 'TimeExpired']);
    expect((await mns.call('GET', '/queues', undefined, { date: time - 15 * 60_000 })).status).toBe(200);
  });

  test('whose Content-MD5 is not that of its body is refused [documented]', async () => {
    const headers = { 'content-md5': 'MTIz' };
    const answer = await mns.call('PUT', '/queues/q', xml('Queue', ''), { headers });
    expect([answer.status, textAt(answer, 'Error/Code')]).toEqual([400, 'InvalidDegist']);
  });

  test('of a role is let in with its token, for what its policies allow [documented]', async () => {
    const asked: string[] = [];
    const guarded = await runMns({
      authorize: ({ action, resource, principal }) => {
        asked.push(`${principal.includes('assumed-role/sender/')} ${action} ${resource}`);
        return action === 'mns:SendMessage' ? 'allowed' : 'implicit';
      },
    });
    await guarded.createQueue('q');
    const credentials = guarded.accessKeys.assumeRole(`acs:ram::${accountId}:role/sender`);
    const sent = await guarded.call('POST', '/queues/q/messages', textMessage('x'), { credentials });
    expect(sent.status).toBe(201);
    const denied = await guarded.call('GET', '/queues/q/messages?peekonly=true', undefined, { credentials });
    expect([denied.status, textAt(denied, 'Error/Code')]).toEqual([403, 'AccessDenied']);
    const resource = `acs:mns:cn-hangzhou:${accountId}:/queues/q/messages`;
    expect(asked).toEqual([`true mns:SendMessage ${resource}`, `true mns:PeekMessage ${resource}`]);
    const { securityToken: _, ...bare } = credentials;
    const tokenless = await guarded.call('GET', '/queues', undefined, { credentials: bare });
    expect(textAt(tokenless, 'Error/Code')).toBe('InvalidAccessKeyId');
    await guarded.close();
  });
});

test('a message from within the cloud is held to the same rules [assumed]', async () => {
  await expect(mns.send({ queue: 'none', body: 'x' })).rejects.toThrow('not exist');
  await mns.createQueue('q');
  await mns.createQueue('q');
  await expect(mns.send({ queue: 'q', body: 'x'.repeat(65_537) })).rejects.toThrow('MessageBody');
});
