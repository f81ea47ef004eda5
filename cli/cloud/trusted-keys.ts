import type { Deployment } from '../session/deployment';
import type { Session } from '../session/session';
import { openFunctionInspector } from './function-settings';

const known = new WeakMap<Deployment, Promise<string[] | undefined>>();

/**
 * The ARNs of the keys that the deployment's decrypt function asks for, and no others; undefined where this identity may not
 * know (fc:GetFunction). Asked once for each command.
 */
export function trustedKeys(session: Session): Promise<string[] | undefined> {
  const { deployment } = session;
  const keys = known.get(deployment) ?? ask(session);
  known.set(deployment, keys);
  return keys;
}

async function ask(session: Session): Promise<string[] | undefined> {
  try {
    const inspector = openFunctionInspector(await session.fc());
    const { environmentVariables = {} } = await inspector.settings(`${session.deployment.name}-decrypt`);
    return environmentVariables.ENVELOPE_KMS_KEY_ARNS?.split(',').map((arn) => arn.trim());
  } catch {
    return undefined;
  }
}
