import { findOperation } from '../../local/mns/operations';
import type { Route } from '../../local/oss/routes/route';

/** Whether a text says `DeleteAlias`, `client.deleteAlias(` or `new DeleteAliasRequest(`. */
export function namesOperation(text: string, operation: string): boolean {
  const [first = '', rest] = [operation[0], operation.slice(1)];
  return new RegExp(`\\b[${first}${first.toLowerCase()}]${rest}(Request)?\\b`).test(text);
}

/** Whether a text says `'GET'` and, in quotes or as the name of a parameter, the sub-resource of the route. */
export function namesSubResource(text: string, { method, sub }: Pick<Route, 'method' | 'sub'>): boolean {
  if (sub === undefined || !text.includes(`'${method}'`)) return false;
  return new RegExp(`['"]${sub}['"]|[{ ]${sub}:`).test(text);
}

/** Whether a text says `'DELETE', '/faults/…'` for `DELETE /faults/:id`. */
export function namesRequest(text: string, operation: string): boolean {
  const [method = '', path = ''] = operation.split(' ');
  const end = path.includes(':') ? '' : '(?=[\'"`?])';
  return new RegExp(`['"]${method}['"],\\s*['"\`]${path.replace(/:.*$/, '')}${end}`).test(text);
}

/** The queue operations that a text calls as `'PUT', '/queues/q'`, named by the server's own rules. */
export function mnsOperationsIn(text: string): string[] {
  const calls = withPaths(text).matchAll(/['"](GET|PUT|POST|DELETE)['"],\s*['"`](\/[^'"`]*)['"`]([^;]*)/g);
  return [...calls].flatMap(([, method = '', target = '', rest = '']) => {
    const [path = '', search = ''] = target.replace(/\$\{[^}]*\}/g, 'x').split('?');
    const query = [...new URLSearchParams(search)].map(
      ([name, value]) => [name.toLowerCase(), value] as const,
    );
    const body = /['"<]Messages\b|\bmessages\(/.test(rest) ? '<Messages>' : '';
    return mnsName({ method, path, query: new Map(query), body });
  });
}

// `call('PUT', path)` after `const path = '/queues/q'`
function withPaths(text: string): string {
  return text.replace(/(['"](?:GET|PUT|POST|DELETE)['"],\s*)([a-z]\w*)\b/g, (call, method, name) => {
    const [, literal] = new RegExp(`const ${name} = (['"\`][^'"\`]*['"\`])`).exec(text) ?? [];
    return literal === undefined ? call : method + literal;
  });
}

function mnsName(target: Parameters<typeof findOperation>[0]): string[] {
  try {
    return [findOperation(target).name];
  } catch {
    return [];
  }
}
