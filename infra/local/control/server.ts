import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from '../faults/faults';
import { isDecodable, readBody } from '../gateway/body';
import type { Clock } from '../gateway/clock';
import type { Journal } from '../gateway/journal';
import { type Listener, listen } from '../gateway/listener';
import { utf8 } from '../gateway/utf8';
import { clockMove, newFault, nothing } from './requests';

/** What the control API is a way to. */
export type Controlled = { journal: Journal; faults: Faults; clock: Clock };

type Asked = { body: unknown; query: URLSearchParams; id: string };
type Answer = { status: number; json: unknown };
type Handler = (asked: Asked) => Answer | Promise<Answer>;

const MAX_BODY_BYTES = 1024 ** 2;

/** Starts the control API: JSON over HTTP on 127.0.0.1, for tests and people (infra/local/README.md). */
export function startControl(controlled: Controlled, port = 0): Promise<Listener> {
  const routes = routesTo(controlled);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, json } = await respond(request).catch((error: Error) => refusal(400, error.message));
    const body = Buffer.from(`${JSON.stringify(json)}\n`);
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  }

  async function respond(request: IncomingMessage): Promise<Answer> {
    if (isForeign(request)) return refusal(403, 'The control API is not for web pages');
    if (!isDecodable(request.url ?? '/')) return refusal(400, 'The path is not URL-encoded');
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://control');
    const [, resource = '', id = ''] = /^(\/\w+(?:\/(?:hold|release))?)(?:\/(\w+))?$/.exec(pathname) ?? [];
    const handler = routes[`${request.method} ${resource}${id && '/:id'}`];
    if (!handler)
      return refusal(
        404,
        `There is no ${request.method} ${pathname}, only ${Object.keys(routes).join(', ')}`,
      );
    return handler({ body: await json(request), query, id });
  }

  return listen(answer, { port });
}

/** What answers each request, by `METHOD /path`. */
export function routesTo({ journal, faults, clock }: Controlled): Record<string, Handler> {
  const time = () => ok({ now: new Date(clock.now()).toISOString() });
  return {
    'GET /journal': ({ query }) => ok({ entries: journal.entries(sinceOf(query)) }),
    'DELETE /journal': () => {
      journal.clear();
      return ok({});
    },
    'GET /faults': () => ok({ faults: faults.list() }),
    'POST /faults': ({ body }) => ({ status: 201, json: { id: faults.add(newFault(body, 'body')) } }),
    'DELETE /faults': async () => {
      await faults.clear();
      return ok({});
    },
    'DELETE /faults/:id': ({ id }) => (faults.remove(id) ? ok({}) : refusal(404, `There is no fault ${id}`)),
    'POST /events/release': async () => {
      await faults.release();
      return ok({});
    },
    'GET /clock': time,
    'POST /clock': async ({ body }) => {
      const move = clockMove(body, 'body');
      await ('set' in move ? clock.set(move.set) : clock.advance(move.advanceMs));
      return time();
    },
    'POST /reset': async ({ body }) => {
      nothing(body ?? {}, 'body');
      journal.clear();
      await faults.clear();
      return ok({});
    },
  };
}

function ok(json: unknown): Answer {
  return { status: 200, json };
}

function refusal(status: number, error: string): Answer {
  return { status, json: { error } };
}

// Loopback is open to every page that a browser shows; those name themselves, or this address by a name of theirs.
function isForeign({ headers }: IncomingMessage): boolean {
  return headers.origin !== undefined || !/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? '');
}

async function json(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, MAX_BODY_BYTES);
  if (!body) throw new Error(`The body has more than ${MAX_BODY_BYTES} bytes`);
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(utf8(body) ?? '');
  } catch (error) {
    throw new Error(`The body is not JSON: ${(error as Error).message}`);
  }
}

function sinceOf(query: URLSearchParams): number {
  const unknown = [...query.keys()].find((name) => name !== 'since');
  if (unknown !== undefined) throw new Error(`GET /journal has no parameter ${unknown}, only since`);
  const since = query.get('since') ?? '0';
  if (/^\d{1,15}$/.test(since)) return Number(since);
  throw new Error(`since is not a whole number: ${since}`);
}
