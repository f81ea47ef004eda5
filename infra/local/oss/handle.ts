import type { IncomingMessage, ServerResponse } from 'node:http';
import { unknownCall } from './call';
import { type Progress, perform, type Service } from './perform';
import { type Envelope, errorAnswer, respond } from './respond';
import type { Answer } from './store/operation';
import { once, telling } from './telling';
import { OssError } from './wire/errors';
import { newRequestId, readRequest } from './wire/request';

/** One request on its way in and out; `boundTo` is the bucket of a custom domain's listener. */
export type Exchange = { message: IncomingMessage; response: ServerResponse; boundTo: string | undefined };

/** Answers one request: with the operation's answer, with an error document, or not at all. Never rejects. */
export async function handle(service: Service, exchange: Exchange): Promise<void> {
  const progress: Progress = { requestId: newRequestId(), call: unknownCall };
  const [began, beganReally] = [service.now(), performance.now()];
  const answer = await answerTo(service, exchange, progress);
  const tell = once(() => {
    const sent = answer !== 'lost' && exchange.response.headersSent ? answer : undefined;
    const versionId = sent?.headers?.['x-oss-version-id'];
    service.hooks.done?.(progress.call, {
      status: sent?.status ?? 0,
      ...(progress.code !== undefined && { code: progress.code }),
      ms: Math.round(performance.now() - beganReally),
      ...(versionId !== undefined && { versionId }),
    });
  });
  const envelope = { ...progress, now: service.now(), tookMs: service.now() - began };
  if (answer === 'lost') exchange.message.socket.destroy();
  else await send(exchange, telling(answer, tell), envelope);
  tell();
}

async function send({ message, response }: Exchange, answer: Answer, envelope: Envelope): Promise<void> {
  try {
    await respond(response, answer, envelope);
  } catch {
    // Either the client has gone, or bytes are missing and the answer must be seen to be cut.
    message.socket.destroy();
  } finally {
    discardRest(message);
    await answer.content?.release();
  }
}

// An operation that failed may have left off in the middle of the body: the next request comes behind it.
function discardRest(message: IncomingMessage): void {
  message.removeAllListeners('readable');
  message.resume();
}

async function answerTo(service: Service, exchange: Exchange, progress: Progress): Promise<Answer | 'lost'> {
  try {
    return await perform(service, readRequest(exchange.message, exchange.boundTo), progress);
  } catch (error) {
    const hostId = exchange.message.headers.host ?? '';
    const head = exchange.message.method === 'HEAD';
    const told = asOssError(error, exchange.message);
    progress.code = told.code;
    return errorAnswer(told, { requestId: progress.requestId, hostId, head });
  }
}

function asOssError(error: unknown, message: IncomingMessage): OssError {
  if (error instanceof OssError) return error;
  if (isOverloaded(error)) return new OssError('ServiceUnavailable');
  if (!message.errored) console.error('Cannot answer an OSS request:', error);
  return new OssError('InternalError');
}

// No file can be opened because too many are: it will pass.
function isOverloaded(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}
