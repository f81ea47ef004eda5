import type { InjectedError } from './hooks';

/** A service's errors: code -> HTTP status, message. `%s` in it is what it is about. */
export type ErrorTable = Readonly<Record<string, readonly [status: number, message: string]>>;

/** An answer of a service that is not a success. `status` is the HTTP status. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

/** A table's message with what it is about, and a sentence of ours after it. */
export function filled(message: string, about = '', why?: string): string {
  // A function, because what it is about may hold `$&`.
  return message.replace('%s', () => about) + (why ? ` ${why}` : '');
}

/** The connection is to be lost without an answer. */
export class Lost extends Error {}

/** An error that a fault asks for; what the fault leaves open is as the service's table has it. */
export function injected({ code, status, message }: InjectedError, table: ErrorTable = {}): Refusal {
  const [usual, words] = (Object.hasOwn(table, code) && table[code]) || [500, 'An injected fault.'];
  return new Refusal(code, status ?? usual, message ?? filled(words));
}
