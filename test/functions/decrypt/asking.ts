import { type Schema, Validator } from '@cfworker/json-schema';
import { expect } from 'vitest';
import openapi from '../../../functions/decrypt/openapi.json';
import { acs3Headers } from '../../../infra/run/acs3';
import type { Bench } from '../../deployment';
import { signaturesIn } from '../../leaks';

export type Answer = {
  status: number;
  headers: Headers;
  /** Of JSON; fields that are not there are undefined. */
  json: Record<string, string | undefined>;
};

type Body = { content?: Record<string, { schema: object }> };
type Responses = Record<string, Body & { $ref?: string }>;

const paths = openapi.paths as Record<string, Record<string, { responses: Responses }>>;
const { schemas, responses } = openapi.components;

/** A signed request to the decrypt function; its answer is what openapi.json says, or the test fails. */
async function call(
  bench: Bench,
  [method, path]: [string, string],
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const url = `${new URL(bench.decryptUrl).origin}${path}`;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method,
    headers: { ...acs3Headers(method, url, bench.owner.credentials), ...headers },
    redirect: 'manual',
    ...(body !== undefined && { body: text }),
  });
  const answer = { status: response.status, headers: response.headers, text: await response.text() };
  const told = [answer.text, answer.headers.get('location') ?? ''].flatMap(signaturesIn);
  for (const signature of told) bench.secrets.add(signature);
  checkDescribed(method, path, answer);
  return { ...answer, json: answer.text ? JSON.parse(answer.text) : {} };
}

export function post(bench: Bench, body: unknown, headers?: Record<string, string>): Promise<Answer> {
  return call(bench, ['POST', '/downloads'], body, headers);
}

export function get(bench: Bench, path: string): Promise<Answer> {
  return call(bench, ['GET', path]);
}

/** A path under which a key is asked for. */
export function pathOf(route: 'd' | 'envelopes', key: string, query: Record<string, string> = {}): string {
  const encoded = encodeURIComponent(key).replaceAll('*', '%2A');
  const search = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `/${route}/${encoded}${search.length > 0 ? `?${search.join('&')}` : ''}`;
}

function checkDescribed(
  method: string,
  path: string,
  answer: { status: number; headers: Headers; text: string },
) {
  const route = Object.keys(paths).find((one) =>
    new RegExp(`^${one.replace(/\{\w+\}/, '.+')}([?]|$)`).test(path),
  );
  const described = (route && paths[route]?.[method.toLowerCase()]) || openapi.paths['/downloads'].post;
  const { status, headers, text } = answer;
  const response = resolved(
    (described.responses as Responses)[status] ?? (described.responses as Responses).default ?? {},
  );
  const type = headers.get('content-type') ?? '';
  const schema = response.content?.[type]?.schema;
  if (!response.content) return expect(text).toBe('');
  if (!schema) return expect.fail(`${status} ${type} is not described for ${method} ${path}: ${text}`);
  const validator = new Validator({ ...schema, components: { schemas } } as Schema, '2020-12');
  const { errors } = validator.validate(JSON.parse(text));
  expect(errors, `${method} ${path}: ${text}`).toEqual([]);
}

function resolved(response: Body & { $ref?: string }): Body {
  const name = response.$ref?.split('/').at(-1);
  return name ? ((responses as Record<string, Body>)[name] ?? {}) : response;
}

/** Names of the plaintexts that lie in the downloads bucket. */
export async function plaintextsOf({ downloads }: Bench): Promise<string[]> {
  const { objects = [] } = await downloads.listV2({ 'max-keys': '1000' });
  return objects.map(({ name }) => name).filter((name) => name.startsWith('plain/'));
}

/** What the log says of the last request. */
export function lineOf({ reports }: Bench): Record<string, unknown> {
  const lines = reports.filter(({ functionName }) => functionName === 'oss-envelope-decrypt');
  return JSON.parse(lines.at(-1)?.logs.at(-1) ?? '{}');
}
