import { Fault } from '../fault';
import { type HttpRequest, parseJson } from './http';

/** A request to open one envelope: the vault key of the current one. */
export type Download = { key: string };

/** `POST /downloads` is all there is. Throws `route-unknown` or `request-invalid`. */
export function readDownload({ method, path, body }: HttpRequest): Download {
  if (method !== 'POST' || path !== '/downloads') {
    throw new Fault('route-unknown', 'Cannot answer: there is nothing here but POST /downloads');
  }
  return checkDownload(parseJson(body));
}

/** Throws `request-invalid`, naming what is wrong. */
export function checkDownload(json: unknown): Download {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw invalid('it must be a JSON object');
  const { key, ...unknown } = json as Record<string, unknown>;
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw invalid(`field ${JSON.stringify(name.slice(0, 64))} is unknown`);
  if (typeof key !== 'string' || key === '') throw invalid('field "key" must be a string');
  return { key };
}

function invalid(why: string): Fault {
  return new Fault('request-invalid', `Cannot read the request: ${why}`);
}
