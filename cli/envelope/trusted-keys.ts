import type { WrappedKey } from '../../functions/envelope/envelope';
import { KEY_ARN } from '../../functions/envelope/header';
import { keyArns } from '../../functions/variable-checks';
import { functionSettingsAt } from '../cloud/function-settings';
import { keyOperationsAt } from '../cloud/key-operations';
import type { Deployment } from '../session/deployment';
import type { Session } from '../session/session';
import { asFailure, Failure } from '../terminal/failure';
import { defaultKey } from './data-key';

/** `doing`: "<verb> <what>", for sentences. `named`: the keys that were said; undefined: the deployment's. */
export type Trusting = { doing: string; named?: string[] | undefined };

/**
 * The first wrapped key that is under a trusted one: anybody can seal under a key of his own. The deployment's are the one
 * behind its alias and ENVELOPE_OTHER_KEY_ID (kms:DescribeKey), and where it is none of these, those that its decrypt function
 * opens (fc:GetFunction). Throws `key-differs`, `keys-unknown`.
 */
export async function trustedKey<K extends Pick<WrappedKey, 'keyArn'>>(
  session: Session,
  wrappedKeys: K[],
  trusting: Trusting,
): Promise<K> {
  const find = (arns: string[]) => wrappedKeys.find(({ keyArn }) => arns.includes(keyArn));
  const { found, untold } = await search(session, trusting, find);
  if (found) return found;
  throw untrusted(
    wrappedKeys.map(({ keyArn }) => keyArn),
    trusting,
    untold,
  );
}

/**
 * The same for what names no key, once KMS has told the id of the one that it was under, in the session's region. It does not
 * tell the account; ids are KMS's own.
 */
export async function checkTrusted(session: Session, keyId: string, trusting: Trusting): Promise<void> {
  const isTheirs = (arn: string) => {
    const [, region, , id] = KEY_ARN.exec(arn) ?? [];
    return region === session.region && id === keyId;
  };
  const { found, untold } = await search(session, trusting, (arns) => arns.find(isTheirs));
  if (found) return;
  const account = await session.accountId().catch(() => '<account>');
  throw untrusted([`acs:kms:${session.region}:${account}:key/${keyId}`], trusting, untold);
}

type Found<T> = { found?: T; untold: Failure[] };

async function search<T>(
  session: Session,
  { named }: Trusting,
  find: (arns: string[]) => T | undefined,
): Promise<Found<T>> {
  const untold: Failure[] = [];
  for (const list of named ? [async () => named] : listsOf(session)) {
    const arns = await list().catch((error) => {
      untold.push(refusal(error, session));
      return [];
    });
    const found = find(arns);
    if (found) return { found, untold };
  }
  return { untold };
}

type List = () => Promise<string[]>;

const lists = new WeakMap<Deployment, [alias: List, decrypt: List]>();

/** Each is asked for once, when it is first needed. */
function listsOf(session: Session): [alias: List, decrypt: List] {
  const { deployment } = session;
  const known = lists.get(deployment) ?? [once(() => behindAlias(session)), once(() => ofDecrypt(session))];
  lists.set(deployment, known);
  return known;
}

/** The keys that the deployment's decrypt function asks for; undefined where this identity may not know (fc:GetFunction). */
export async function trustedKeys(session: Session): Promise<string[] | undefined> {
  const [, list] = listsOf(session);
  const arns = await list().catch(() => []);
  return arns.length > 0 ? arns : undefined;
}

function once(ask: List): List {
  let asked: ReturnType<List> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
}

async function behindAlias(session: Session): Promise<string[]> {
  const { ENVELOPE_OTHER_KEY_ID: other } = session.deployment.variables;
  const { arn } = await keyOperationsAt(session.kms()).describe(defaultKey(session));
  return other ? [arn, arn.replace(/[^/]*$/, other)] : [arn];
}

async function ofDecrypt(session: Pick<Session, 'deployment' | 'fc'>): Promise<string[]> {
  const { environmentVariables = {} } = await functionSettingsAt(session.fc()).settings(
    `${session.deployment.name}-decrypt`,
  );
  const arns = keyArns(environmentVariables.ENVELOPE_KMS_KEY_ARNS ?? '');
  return Array.isArray(arns) ? arns : [];
}

const REFUSALS = /^(kms-refused|(fc|sts)-(refused|unavailable)|host-unknown|no-local-cloud)$/;

/** What keeps a list from being told, and nothing else. */
function refusal(error: unknown, { interrupted }: Pick<Session, 'interrupted'>): Failure {
  const failure = asFailure(error);
  if (interrupted.aborted || !REFUSALS.test(failure.code)) throw failure;
  return failure;
}

function untrusted(arns: string[], { doing, named }: Trusting, untold: Failure[]): Failure {
  const under = `Cannot ${doing}: its data key is under ${arns.join(', ')}`;
  const say = `if that is a key of yours, say --trust-key ${arns[0]}`;
  const detail = untold.map(({ message }) => message).join('; ') || undefined;
  if (named) return new Failure('key-differs', `${under}, which --trust-key does not name`, { todo: say });
  if (untold.length < 2)
    return new Failure('key-differs', `${under}, which is none of this deployment's keys`, {
      todo: say,
      detail,
    });
  return new Failure('keys-unknown', `${under}, and nobody tells which keys are this deployment's`, {
    todo: `${say}; or have kms:DescribeKey on the deployment's key, or fc:GetFunction on its decrypt function, given to this identity`,
    detail,
  });
}
