import { Fault } from '../fault';

/** Throws `key-not-served` where no prefix of a list that is not empty fits the key. */
export function checkServed(prefixes: string[], key: string): void {
  if (prefixes.length === 0 || prefixes.some((prefix) => key.startsWith(prefix))) return;
  throw new Fault('key-not-served', 'Cannot answer: this function does not serve keys that begin so');
}

type Texts = Record<string, string>;

/** Throws `claims-refused` where a header has not exactly the value that is required; `*` is any but none. */
export function checkClaims(required: Texts, headers: Texts): void {
  const wrong = Object.entries(required).find(([name, value]) => {
    const given = claimOf(headers, name);
    return value === '*' ? !given : given !== value;
  });
  if (!wrong) return;
  throw new Fault('claims-refused', `Cannot answer: the claim ${wrong[0]} is not the one that is required`);
}

/** Of the headers that were sent, whatever else an object has. */
export function claimOf(headers: Texts, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined;
}
