import { createHmac } from 'node:crypto';
import type { Context } from '../context';
import { Fault } from '../fault';

/** What could not be done: the event that asked for it, and why not. */
type DeadLetter = { event: string; fault: Fault };

export type DeadLetters = {
  /** Throws `mns-unavailable` or `mns-refused`; then the letter is not in the queue. */
  send(letter: DeadLetter): Promise<void>;
};

export type Queue = { endpoint: string; queue: string; now: () => Date };

const TIMEOUT_MS = 10_000;
const VERSION = '2015-06-06';

/** The queue that Function Compute, too, sends failed events to; its letters have the same shape ("Destinations"). */
export function openDeadLetters(context: Context, { endpoint, queue, now }: Queue): DeadLetters {
  const resource = `/queues/${queue}/messages`;
  return {
    async send(letter) {
      const message = JSON.stringify(messageOf(letter, context, now()));
      const body = `<?xml version="1.0" encoding="UTF-8"?><Message xmlns="http://mns.aliyuncs.com/doc/v1/"><MessageBody>${escaped(message)}</MessageBody></Message>`;
      const headers = signed(context, resource, {
        'content-type': 'text/xml;charset=utf-8',
        'x-mns-date': now().toUTCString(),
        'x-mns-version': VERSION,
      });
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const answer = await fetch(`${endpoint}${resource}`, { method: 'POST', headers, body, signal }).catch(
        (error) => {
          throw unavailable(error instanceof Error ? error.name : typeof error);
        },
      );
      await checkAnswer(answer);
    },
  };
}

function messageOf({ event, fault }: DeadLetter, context: Context, now: Date) {
  const { requestId, region, accountId } = context;
  const { code, message } = fault;
  return {
    timestamp: now.getTime(),
    requestContext: {
      requestId,
      functionArn: `acs:fc:${region}:${accountId}:functions/${context.function.name}`,
      condition: 'HandledInvocationError',
      approximateInvokeCount: 1,
    },
    requestPayload: event,
    responseContext: { statusCode: 200, functionError: 'HandledInvocationError' },
    responsePayload: JSON.stringify({ errorType: code, errorMessage: message }),
  };
}

/** MNS, "Sign requests": HMAC-SHA1 over method, type, date, own headers and resource. */
function signed(
  { credentials }: Context,
  resource: string,
  headers: Record<'content-type' | 'x-mns-date' | 'x-mns-version', string>,
): Record<string, string> {
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const own = `x-mns-date:${headers['x-mns-date']}\nx-mns-version:${headers['x-mns-version']}\n`;
  const text = `POST\n\n${headers['content-type']}\n${headers['x-mns-date']}\n${own}${resource}`;
  const signature = createHmac('sha1', accessKeySecret).update(text).digest('base64');
  return {
    ...headers,
    authorization: `MNS ${accessKeyId}:${signature}`,
    ...(securityToken && { 'security-token': securityToken }),
  };
}

async function checkAnswer(answer: Response): Promise<void> {
  const text = await answer.text();
  if (answer.ok) return;
  const detail = `${answer.status} ${/<Code>([\w.]+)<\/Code>/.exec(text)?.[1] ?? ''}`.trim();
  if (answer.status >= 500) throw unavailable(detail);
  if (/LimitExceeded|Throttl/.test(detail))
    throw new Fault('mns-throttled', 'Cannot send the dead letter: MNS asks to slow down', detail);
  throw new Fault('mns-refused', 'Cannot send the dead letter: MNS refused', detail);
}

function unavailable(detail: string): Fault {
  return new Fault(
    'mns-unavailable',
    'Cannot send the dead letter: MNS does not answer as it should',
    detail,
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
