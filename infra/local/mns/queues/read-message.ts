import { inRange } from './attributes';
import { MnsError } from './errors';
import type { NewMessage, Queue } from './queue';
import { childText, type Element } from './xml';

/** A `Message` element of a request. Throws InvalidArgument, MalformedXML. */
export function readMessage(element: Element, queue: Queue): NewMessage {
  const [delay, priority] = [childText(element, 'DelaySeconds'), childText(element, 'Priority')];
  return {
    body: checkedBody(childText(element, 'MessageBody'), queue),
    ...(delay !== undefined && {
      delaySeconds: inRange(delay, { name: 'DelaySeconds', least: 0, most: 604_800 }),
    }),
    ...(priority !== undefined && { priority: inRange(priority, { name: 'Priority', least: 1, most: 16 }) }),
  };
}

/** The body, if the queue takes one so large. Throws InvalidArgument. */
export function checkedBody(body: string | undefined, queue: Queue): string {
  if (body === undefined) throw new MnsError('MalformedXML');
  const most = queue.about().attributes.MaximumMessageSize;
  const bytes = Buffer.byteLength(body);
  if (bytes >= 1 && bytes <= most) return body;
  throw new MnsError('InvalidArgument', `MessageBody should between 1 and ${most} seconds/bytes`);
}
