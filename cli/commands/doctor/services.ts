import { proxyOf, send } from '../../../functions/cloud/agents';
import { unanswered } from '../../../functions/cloud/unanswered';
import { Fault } from '../../../functions/fault';
import type { Session } from '../../session/session';
import { asFailure, explained } from '../../terminal/failure';
import { duration } from '../../terminal/human';
import { cannotTell, type Finding, finding, ok } from './check';

/** The clock of a service less ours, as well as whole seconds tell it. */
type Clock = { service: string; skewMs: number; uncertaintyMs: number };

/** `clock`: of the first service that tells the time. */
export type Reach = { findings: Finding[]; clock: Clock | undefined };

const TIMEOUT_MS = 5000;
/** Signatures are refused beyond this. */
const REFUSED_MS = 15 * 60_000;
const MOST_MS = 2000;

/** Asks each endpoint for anything, without a signature: whether it answers, and what its clock shows. */
export async function reach(endpoints: Record<string, string>, session: Session): Promise<Reach> {
  const names = Object.keys(endpoints);
  const asked = Object.entries(endpoints).map(([service, url]) => ask(service, url, session));
  const answers = await Promise.all(asked);
  const failed = answers.flatMap(({ failure }) => failure ?? []);
  const answering = names.filter((_, index) => !answers[index]?.failure);
  const [clock] = answers.flatMap((answer) => answer.clock ?? []);
  return {
    findings: [
      ...failed,
      ...(answering.length > 0 ? [ok(`${answering.join(', ')} answer`)] : []),
      ...proxies(endpoints),
    ],
    clock,
  };
}

function proxies(endpoints: Record<string, string>): Finding[] {
  const used = Object.entries(endpoints).map(([service, url]) => ({ service, proxy: proxyOf(url)?.origin }));
  const named = [...new Set(used.flatMap(({ proxy }) => proxy ?? []))];
  return named.map((origin) => {
    const through = used.filter(({ proxy }) => proxy === origin).map(({ service }) => service);
    return ok(`${through.join(', ')}: asked through the proxy ${origin}`);
  });
}

type Asked = { clock?: Clock; failure?: Finding };

async function ask(
  service: string,
  url: string,
  { interrupted }: Pick<Session, 'interrupted'>,
): Promise<Asked> {
  const began = Date.now();
  try {
    const answer = await send(url, { signal: interrupted, timeout: TIMEOUT_MS });
    answer.resume();
    const took = Date.now() - began;
    const date = Date.parse(answer.headers.date ?? '');
    if (Number.isNaN(date)) return {};
    // The header has whole seconds.
    const skewMs = date + 500 - (began + took / 2);
    return { clock: { service, skewMs, uncertaintyMs: 500 + took / 2 } };
  } catch (error) {
    if (error instanceof Fault) {
      const { message, detail, todo } = asFailure(error);
      return { failure: finding(`${message}: ${detail}`, todo) };
    }
    const { why, ...said } = unanswered(error, new URL(url).host);
    const says = `${service} does not answer at ${url} (${said.code})`;
    const { todo } = explained('oss-unavailable', String(why), { said: { doing: 'ask', ...said } });
    return { failure: finding(says, todo) };
  }
}

export function clockFinding(clock: Clock | undefined): Finding {
  if (!clock) return cannotTell('the clock: no service said what time it is', 'see that a service answers');
  const { service, skewMs, uncertaintyMs } = clock;
  const beyond = Math.abs(skewMs) - uncertaintyMs;
  if (beyond <= MOST_MS) return ok(`the clock here and that of ${service} agree`);
  const which = skewMs > 0 ? 'behind' : 'ahead of';
  const refused = beyond > REFUSED_MS ? ': signatures are refused' : '';
  const says = `the clock here is ${duration(Math.abs(skewMs))} ${which} that of ${service}${refused}`;
  return finding(says, 'set the clock: sudo timedatectl set-ntp true, or sudo chronyc makestep');
}
