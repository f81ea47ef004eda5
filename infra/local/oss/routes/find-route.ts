import type { Operation } from '../store/operation';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { overrides } from '../wire/response-overrides';
import type { Route } from './route';
import { routes } from './routes';
import { isSubResource } from './sub-resources';

/** The API call that a request is: of the routes that fit, the most particular. Throws MethodNotAllowed. */
export function routeOf(request: OssRequest): Route {
  const fitting = routes.filter((route) => fits(route, request));
  const [best] = fitting.sort((a, b) => conditions(b) - conditions(a));
  if (best) return best;
  throw new OssError('MethodNotAllowed', { extra: { Method: request.method } });
}

/**
 * What answers the call. Throws NotImplemented naming the operation, or the parameter or header that means something
 * to OSS but not here: what this server does not play it must not ignore. OSS itself ignores what it does not know.
 */
export function answerOf(route: Route, request: OssRequest): Operation {
  if (!route.answer) throw notImplemented(route.operation);
  const parameter = [...request.query.keys()].find((name) => isSubResource(name) && !knows(route, name));
  if (parameter !== undefined) throw notImplemented(`Parameter ${parameter} of ${route.operation}`);
  const header = ['x-oss-callback', 'x-oss-process'].find(
    (name) => request.headers[name] !== undefined && !route.parameters.includes(name),
  );
  if (header !== undefined) throw notImplemented(`Header ${header} of ${route.operation}`);
  return route.answer;
}

// Signatures, what changes who pays or how fast it goes, and what only a GET has a use for.
const commonParameters = [
  ...overrides,
  'security-token',
  'x-oss-ac-forward-allow',
  'x-oss-ac-source-ip',
  'x-oss-ac-subnet-mask',
  'x-oss-ac-vpc-id',
  'x-oss-request-payer',
  'x-oss-traffic-limit',

  'x-oss-additional-headers',
  'x-oss-credential',
  'x-oss-date',
  'x-oss-expires',
  'x-oss-security-token',
  'x-oss-signature',
  'x-oss-signature-version',
];

function fits(route: Route, request: OssRequest): boolean {
  if (route.method !== request.method || route.on !== levelOf(request)) return false;
  if (route.header !== undefined && request.headers[route.header] === undefined) return false;
  const [name = '', value = request.query.get(name)] = route.and ?? [];
  if (route.and && (value === undefined || request.query.get(name) !== value)) return false;
  return route.sub === undefined || request.query.has(route.sub);
}

function levelOf({ bucket, key }: OssRequest): Route['on'] {
  if (bucket === '') return 'service';
  return key === '' ? 'bucket' : 'object';
}

function conditions({ sub, and, header }: Route): number {
  return Number(sub !== undefined) + Number(and !== undefined) + Number(header !== undefined);
}

function knows({ sub, and, parameters }: Route, name: string): boolean {
  return name === sub || name === and?.[0] || parameters.includes(name) || commonParameters.includes(name);
}

function notImplemented(what: string): OssError {
  return new OssError('NotImplemented', { message: `${what} is not implemented by the local cloud.` });
}
