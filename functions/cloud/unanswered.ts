import { Fault, type FaultCode } from '../fault';

type NetworkError = { code?: string; name?: string; message?: string; cause?: unknown };

/** `why` is undefined where it is not known. `code`: what Node, OpenSSL or the SDK call it. `more`: the host. */
export type Unanswered = { why: string | undefined; code: string; more: string };

const WHY: [RegExp, (host: string) => string][] = [
  [/^ENOTFOUND$/, (host) => `there is no host ${host}`],
  [/^EAI_/, (host) => `the address of ${host} cannot be looked up`],
  [/^ECONNREFUSED$/, (host) => `${host} refuses the connection`],
  [/^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)$/, (host) => `no way leads to ${host}`],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, (host) => `${host} ended the connection`],
  [/TIMEDOUT$|TIMEOUT$|Timeout/, (host) => `${host} did not answer in time`],
  [/^CERT_HAS_EXPIRED$/, (host) => `the certificate of ${host} has expired`],
  [/^CERT_NOT_YET_VALID$/, (host) => `the certificate of ${host} is not valid yet`],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, (host) => `${host} shows the certificate of another host`],
  [/CERT|^UNABLE_TO_/, (host) => `the certificate of ${host} is not trusted`],
  [/^EPROTO$|^ERR_SSL_/, (host) => `${host} does not speak TLS`],
  [/^HPE_HEADER_OVERFLOW$/, (host) => `${host} answers with more headers than are read`],
  [/^E[MN]FILE$/, () => 'too many files and connections are open'],
];

/** Why no answer came, by what an HTTP client throws. `asked`: the host, or the service, where the error names none. */
export function unanswered(error: unknown, asked: string): Unanswered {
  const { code, name = typeof error, message = '', cause } = (error ?? {}) as NetworkError;
  // SDKs tell the URL in their message only.
  const host = /https?:\/\/([^\s/?#@]+)/.exec(message)?.[1] ?? asked;
  if (cause) return unanswered(cause, host);
  const known = /Timeout/.test(name) ? name : (code ?? name);
  const [, say] = WHY.find(([form]) => form.test(known)) ?? [];
  return { why: say?.(host), code: known, more: host };
}

/** `service`: by name, `host`: where the error names none. */
export function unavailable(
  code: FaultCode,
  doing: string,
  { error, service, host = service }: { error: unknown; service: string; host?: string },
): Fault {
  const { why = `${service} does not answer as it should`, ...said } = unanswered(error, host);
  return new Fault(code, `Cannot ${doing}: ${why}`, { doing, ...said });
}
