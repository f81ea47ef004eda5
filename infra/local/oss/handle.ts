import type { IncomingMessage, ServerResponse } from 'node:http';
import { handle as handleExchange } from '../gateway/handle';
import { unknownCall } from './call';
import { perform, type Service } from './perform';
import { errorAnswer, replyOf } from './respond';
import type { Answer } from './store/operation';
import { OssError } from './wire/errors';
import { newRequestId, readRequest } from './wire/request';

/** One request on its way in and out; `boundTo` is the bucket of a custom domain's listener. */
export type Exchange = { message: IncomingMessage; response: ServerResponse; boundTo: string | undefined };

/** Answers one request: with the operation's answer, with an error document, or not at all. Never rejects. */
export function handle(service: Service, { message, response, boundTo }: Exchange): Promise<void> {
  const requestId = newRequestId();
  const began = service.now();
  const reply = (answer: Answer) =>
    replyOf(answer, { requestId, now: service.now(), tookMs: service.now() - began, request: message });

  return handleExchange(
    { request: message, response },
    {
      hooks: service.hooks,
      call: unknownCall,
      answer: async (progress) =>
        reply(await perform(service, readRequest(message, boundTo), { requestId, progress })),
      refuse: (error) => {
        const refusal = asOssError(error, message);
        const facts = { requestId, hostId: message.headers.host ?? '', head: message.method === 'HEAD' };
        return { ...reply(errorAnswer(refusal, facts)), code: refusal.code };
      },
    },
  );
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
