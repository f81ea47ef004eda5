import { Fault } from '../fault';
import { readDownloadRequest } from './download-request';
import { describeEnvelope, listEnvelopes } from './envelopes';
import { type HttpRequest, type HttpResponse, jsonResponse, parseJson, redirect } from './http';
import { type LookUpTools, lookUpDownload } from './look-up';
import { type OpenTools, openDownload } from './open-download';
import openapi from './openapi.json';
import type { Ready } from './ready';
import { parameterCheck } from './schemas';

export type Tools = OpenTools &
  LookUpTools & {
    /** Throws where this instance has opened enough for now. */
    countOpening(): void;
  };

type Route = {
  method: 'GET' | 'POST';
  /** Its one group is the parameter `name`, percent-encoded. */
  path: RegExp;
  name?: 'id' | 'key';
  check: ReturnType<typeof parameterCheck>;
  answer(tools: Tools, parameters: unknown, payload: Buffer): Promise<HttpResponse>;
};

const { paths } = openapi;

const routes: Route[] = [
  {
    method: 'POST',
    path: /^\/downloads$/,
    check: parameterCheck({ parameters: [] }),
    answer: async (tools, _, payload) => jsonResponse(201, await open(tools, parseJson(payload))),
  },
  {
    method: 'GET',
    path: /^\/downloads\/([^/]+)$/,
    name: 'id',
    check: parameterCheck(paths['/downloads/{id}'].get),
    answer: async (tools, parameters) =>
      jsonResponse(200, await lookUpDownload(tools, (parameters as { id: string }).id)),
  },
  {
    method: 'GET',
    path: /^\/d\/(.+)$/s,
    name: 'key',
    check: parameterCheck(paths['/d/{key}'].get),
    answer: async (tools, parameters) => redirect((await open(tools, parameters)).url),
  },
  {
    method: 'GET',
    path: /^\/envelopes\/(.+)$/s,
    name: 'key',
    check: parameterCheck(paths['/envelopes/{key}'].get),
    answer: async (tools, parameters) => jsonResponse(200, await look(tools, parameters as Look)),
  },
];

/** Answers an HTTP request. Throws Faults: `route-unknown`, `request-invalid`, and those of what is asked for. */
export async function answer(tools: Tools, request: HttpRequest, payload: Buffer): Promise<HttpResponse> {
  const { method, path, query } = request;
  if (Object.values(query).join().includes('\ufffd')) throw notDecodable('query');
  const route = routes.find((one) => one.method === method && one.path.test(path));
  if (!route) throw new Fault('route-unknown', `Cannot answer: there is ${ROUTES}`);
  const encoded = route.path.exec(path)?.[1];
  const given = route.name && encoded !== undefined ? { ...query, [route.name]: decoded(encoded) } : query;
  return route.answer(tools, route.check(given), payload);
}

const ROUTES = 'POST /downloads, GET /downloads/{id}, GET /d/{key} and GET /envelopes/{key}';

/** Opens what the payload of an InvokeFunction call asks for. */
export function answerPayload(tools: Tools, payload: Buffer): Promise<Ready> {
  return open(tools, parseJson(payload));
}

async function open(tools: Tools, json: unknown): Promise<Ready> {
  const request = readDownloadRequest(json);
  tools.note({ key: request.key, range: request.range });
  tools.checkKey(request.key);
  tools.countOpening();
  return openDownload(tools, request);
}

type Look = { key: string; versionId?: string; versions?: string };

async function look(tools: Tools, { versions, ...wanted }: Look): Promise<object> {
  tools.note({ key: wanted.key });
  tools.checkKey(wanted.key);
  return versions === undefined ? describeEnvelope(tools, wanted) : listEnvelopes(tools, wanted);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notDecodable('path');
  }
}

/** Of a query Function Compute has put U+FFFD for what was none. */
function notDecodable(part: string): Fault {
  return new Fault('request-invalid', `Cannot read the request: its ${part} is not percent-encoded UTF-8`);
}
