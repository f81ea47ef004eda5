import type { Session } from '../../session/session';
import { type Act, audited, harmless, type Part } from './acts';
import { type Check, type Finding, finding, isDenied, ok, type Patient } from './check';

/** What can be tried without changing anything. With `probes` KMS is asked, too, which its audit trail shows. */
export function permissionChecks(part: Part, probes: boolean): Check<Patient>[] {
  return [...harmless, ...(probes ? audited : [])].map((act) => ({
    ...{ subject: 'permissions', looksAt: `whether it may ${act.says}` },
    run: async ({ session }) => [await judge(act, part, session)],
  }));
}

async function judge(
  { says, action, allowed, isHarmless, attempt }: Act,
  part: Part,
  session: Session,
): Promise<Finding> {
  const what = `${says} (${action})`;
  const isAllowed = await attempt(session).then(() => true, notAllowed);
  const should = allowed.includes(part) || (isHarmless === true && isAllowed);
  if (part === 'me' || isAllowed === should) return ok(`${isAllowed ? 'may' : 'may not'} ${what}`);
  const policy = `${session.deployment.name}-${part}`;
  if (should) {
    const todo = `npx s infra deploy -y, and see that the policy ${policy} is attached`;
    return finding(`may not ${what}, which ${part} needs`, todo);
  }
  const log = part === 'operator' ? '' : ` and ${session.deployment.name}-log`;
  const todo = `console of RAM: leave this identity no other policy than ${policy}${log}`;
  return finding(`may ${what}, which ${part} must not`, todo);
}

/** Any other refusal than for lack of a permission is left to `examine`: it could not be tried. */
function notAllowed(error: unknown): false {
  if (isDenied(error)) return false;
  throw error;
}
