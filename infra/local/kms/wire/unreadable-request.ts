import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { KmsError } from './errors';

/**
 * What Node's parser refuses (a header section above the limit, malformed HTTP) in KMS's own words, so that a
 * client reads an error and not an empty body.
 */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const { status, code, message } = new KmsError('ParseRequestParameterException');
  const RequestId = randomUUID().toUpperCase();
  const body = JSON.stringify({ HttpStatus: status, Code: code, Message: message, RequestId });
  const head = [
    `HTTP/1.1 ${status} Bad Request`,
    'content-type: application/json;charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  // Half closed: the client may still be writing, and a reset would take the answer from it.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
