import { type Declared, readDeclared } from '../../../infra/declared/deployment';
import type { Session } from '../../session/session';
import { Failure } from '../../terminal/failure';
import type { Part } from './acts';
import { backlogChecks } from './backlog';
import { bucketChecks } from './buckets';
import { type Check, cannotTell, examine, type Finding, type Patient, type Subject } from './check';
import { configurationChecks } from './configuration';
import { envelopeKeysCheck } from './envelope-keys';
import { functionChecks } from './functions';
import { identify } from './identity';
import { keyCheck } from './key';
import { leftoverChecks } from './leftovers';
import { permissionChecks } from './permissions';
import { clockFinding, reach } from './services';

export type Wanted = {
  as: Part;
  probe?: true;
  deep?: true;
  sample: number;
  sYaml: string;
  envFile: string | undefined;
};
type Add = (subject: Subject, found: Finding[]) => void;

/** Stands for the account that nobody knows. */
const UNKNOWN = '0'.repeat(16);

/**
 * Everything that is looked at, told in the order in which one explains the next. Resolves with why nothing can be
 * asked, where the credentials do not work at all. Throws `config-wrong` for an s.yaml that cannot be read.
 */
export async function examineAll(calm: Session, wanted: Wanted, add: Add): Promise<Failure | undefined> {
  // What fails once is what is to be told.
  const session = calm.retrying((action) => action());
  const [{ findings, caller, failure }, { findings: reached, clock }] = await Promise.all([
    identify(session),
    reach(named(session.endpoints), session),
  ]);
  const declared = await declaredFor(session, wanted, caller?.accountId ?? UNKNOWN);
  const settings = { session, declared, envFile: wanted.envFile };
  for (const check of configurationChecks) add(check.subject, await examine(check, settings));
  add('services', [clockFinding(clock), ...reached]);
  add('identity', findings);
  if (failure) return failure;
  if (!caller) {
    add('identity', [
      cannotTell('key, buckets, functions and permissions: nobody knows who asks', 'mend what stands above'),
    ]);
    return undefined;
  }
  add('services', await reachAccount(session));
  const { sample, deep } = wanted;
  const now = () => Date.now() + (clock?.skewMs ?? 0);
  const { accountId } = caller;
  await examineAccount({ session, declared, accountId, sample, isDeep: deep === true, now }, wanted, add);
  return undefined;
}

/** All at once, told in order. */
async function examineAccount(patient: Patient, { as, probe }: Wanted, add: Add): Promise<void> {
  const checks: Check<Patient>[] = [
    keyCheck,
    envelopeKeysCheck,
    ...bucketChecks(patient),
    ...functionChecks(patient),
    ...permissionChecks(as, probe === true),
    ...backlogChecks,
    ...leftoverChecks,
  ];
  const underWay = checks.map((check) => ({ check, found: examine(check, patient) }));
  for (const { check, found } of underWay) {
    const findings = await found;
    if (patient.session.interrupted.aborted) return;
    add(check.subject, findings);
  }
}

function named({ oss, kms, sts }: Session['endpoints']): Record<string, string> {
  return { OSS: oss, KMS: kms, STS: sts };
}

/** The services at endpoints of the account's own. */
async function reachAccount(session: Session): Promise<Finding[]> {
  const endpoints = { 'Function Compute': await session.fcEndpoint(), MNS: await session.mnsEndpoint() };
  const { ENVELOPE_DOWNLOADS_URL: downloads } = session.isLocal ? {} : session.deployment.variables;
  return (
    await reach(
      { ...endpoints, ...(downloads?.startsWith('https://') && { ENVELOPE_DOWNLOADS_URL: downloads }) },
      session,
    )
  ).findings;
}

/** Throws `config-missing`, `config-wrong`. */
export async function declaredFor(
  { deployment, region }: Pick<Session, 'deployment' | 'region'>,
  { sYaml }: Wanted,
  accountId: string,
): Promise<Declared> {
  return readDeclared(sYaml, { accountId, region, env: deployment.variables }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT')
        throw new Failure('config-missing', `Cannot read ${error.path ?? sYaml}: there is no such file`);
      throw new Failure('config-wrong', `Cannot read what is deployed: ${error.message}`, {
        todo: error.message.startsWith('ENVELOPE_')
          ? 'correct it in .env or the environment'
          : 'mend it, or name another with --s-yaml',
      });
    },
  );
}
