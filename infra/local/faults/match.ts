import type { Match } from './fault';

/** What a fault looks at, of a request or an event. */
export type Candidate = { service: string; operation: string } & Partial<Record<keyof Match, string>>;

/** Whether every field of the match fits; a `*` stands for any text, none too. */
export function matches(match: Match, candidate: Candidate): boolean {
  return Object.entries(match).every(([field, pattern]) => {
    const value = candidate[field as keyof Match];
    return value !== undefined && fits(pattern, value);
  });
}

/** Whether `value` is what `pattern` says, a `*` in which stands for any text. */
export function fits(pattern: string, value: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return value === pattern;
  if (!value.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest) {
    const found = value.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return value.length - last.length >= from && value.endsWith(last);
}
