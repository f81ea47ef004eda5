import type { Fault } from '../fault';
import type { Retry } from './retry';

type Call<Client> = <T>(doing: string, action: (client: Client) => Promise<T>) => Promise<T>;

/** How a service is asked. `doing` reads "<verb> <what>"; what fails is thrown as a Fault. */
export type Calls<Client> = {
  /** Runs an action again while that is worth it. */
  call: Call<Client>;
  /** Runs it one time: what somebody else goes on with, or has to be done when the time is over. */
  once: Call<Client>;
  /** With credentials that are good now; one for each call, as ali-oss ends with an abort whatever else a client does. */
  client(): Promise<Client>;
  retry: Retry;
};

export type Service<Client> = Pick<Calls<Client>, 'client' | 'retry'>;

/** `deadlineMs`: of each attempt, where the SDK's own timers do not hold. */
export function callsOf<Client>(
  { client, retry }: Service<Client>,
  faultOf: (doing: string, error: unknown) => Fault,
  deadlineMs?: number,
): Calls<Client> {
  const once: Call<Client> = async (doing, action) => {
    const own = await client();
    return inTime(deadlineMs, action(own)).catch((error) => {
      throw faultOf(doing, error);
    });
  };
  return { client, retry, once, call: (doing, action) => retry(() => once(doing, action)) };
}

async function inTime<T>(ms: number | undefined, action: Promise<T>): Promise<T> {
  if (ms === undefined) return action;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('', 'TimeoutError')), ms);
  });
  return Promise.race([action, deadline]).finally(() => clearTimeout(timer));
}
