import { type ErrorTable, filled, Refusal } from '../refusal';

/** What cannot be read as a request in RPC style, in KMS's words ("Common error codes"). `%s` is a parameter's name. */
export const RPC_ERRORS = {
  IncompleteSignature: [400, 'The request signature does not conform to Alibaba Cloud standards.'],
  InvalidParameter: [400, 'The specified parameter "%s" is not valid.'],
  ParseRequestParameterException: [400, 'The request parameters cannot be parsed.'],
  UnsupportedHTTPMethod: [403, 'This http method is not supported.'],
} as const satisfies ErrorTable;

/** `parameter` fills the message; `why` is a sentence of ours after the documented one. */
export type RpcDetails = { parameter?: string; why?: string };

export function rpcRefusal(code: keyof typeof RPC_ERRORS, { parameter, why }: RpcDetails = {}): Refusal {
  const [status, message] = RPC_ERRORS[code];
  return new Refusal(code, status, filled(message, parameter, why));
}
