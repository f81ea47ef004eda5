import { vaultIn } from '../../../functions/cloud/vault';
import { listVersions, type Version } from '../../../functions/cloud/versions';
import { type Header, parseHeader } from '../../../functions/envelope/envelope';
import { decryptFunctionOf } from '../../cloud/functions-decrypt';
import { keyOperationsAt } from '../../cloud/key-operations';
import { trustedKey, trustedKeys } from '../../envelope/trusted-keys';
import type { Session } from '../../session/session';
import { asFailure } from '../../terminal/failure';
import { type Check, type Finding, finding, isDenied, ok, type Patient, unlessMissing } from './check';
import { stateFindings } from './key';

/** Whether what lies in the vault can still be opened. */
export const envelopeKeysCheck: Check<Patient> = {
  ...{ subject: 'key', looksAt: 'the keys of envelopes in the vault' },
  needs:
    'oss:ListObjectVersions of the vault, fc:InvokeFunction of decrypt or oss:GetObject of the vault, or kms:DescribeKey,',
  run: keysOfEnvelopes,
};

/** What a header says of a key. */
type WrappedBy = Pick<Header['wrappedKeys'][number], 'keyArn' | 'region'>;
type Found = { place: string; wrappedKeys: WrappedBy[] };

async function keysOfEnvelopes(patient: Patient): Promise<Finding[]> {
  const envelopes: Found[] = [];
  const others: Finding[] = [];
  for (const version of await sampleOf(patient)) {
    const place = `oss://${patient.session.deployment.vaultBucket}/${version.key}`;
    const wrappedKeys = await wrappedKeysOf(patient, version);
    if (wrappedKeys) envelopes.push({ place, wrappedKeys });
    else others.push(finding(`${place} is no envelope`, `look at it: oss-envelope inspect '${place}'`));
  }
  if (envelopes.length === 0) return [...others, ok('the vault has no envelope to look at')];
  const [own, foreign] = await divided(patient, envelopes);
  const findings = [
    ...others,
    ...foreign.slice(0, 1).map(foreignFinding),
    ...(await unusableKeys(patient, own)),
    ...(await unlistedKeys(patient, own)),
  ];
  return findings.length > 0
    ? findings
    : [ok(`${envelopes.length} envelopes looked at are under keys that are Enabled`)];
}

/** Spread over the first thousand versions of the vault. */
async function sampleOf({ session, sample }: Patient): Promise<Version[]> {
  const vault = session.oss(session.deployment.vaultBucket);
  const { versions } = await listVersions(vault, { maxKeys: 1000 });
  const current = versions.filter(({ isCurrent }) => isCurrent);
  const step = Math.max(1, Math.floor(current.length / sample));
  return current.filter((_, index) => index % step === 0).slice(0, sample);
}

/** Undefined of what is no envelope. */
async function wrappedKeysOf({ session }: Patient, version: Version): Promise<WrappedBy[] | undefined> {
  try {
    return await readDirectly(session, version).catch((error) => {
      if (isDenied(error)) return readByFunction(session, version);
      throw error;
    });
  } catch (error) {
    if (asFailure(error).code === 'cannot-open') return undefined;
    throw error;
  }
}

async function readDirectly(
  session: Pick<Session, 'deployment' | 'oss'>,
  { key, versionId }: Version,
): Promise<WrappedBy[]> {
  const vault = vaultIn(session.oss(session.deployment.vaultBucket));
  return parseHeader((await vault.find(key, versionId)).start).wrappedKeys;
}

/** For operators, who read no envelope: the decrypt function says what is in the header, and asks for no key. */
async function readByFunction(session: Session, { key, versionId }: Version): Promise<WrappedBy[]> {
  const decrypt = decryptFunctionOf(session);
  return (await decrypt.describe(key, versionId)).wrappedKeys;
}

/** Those under a key of the deployment, with that key alone, and the others: KMS is asked about no other key. */
async function divided({ session }: Patient, envelopes: Found[]): Promise<[own: Found[], foreign: Found[]]> {
  const [own, foreign]: Found[][] = [[], []];
  for (const { place, wrappedKeys } of envelopes) {
    const key = await trustedKey(session, wrappedKeys, { doing: 'open it' }).catch((error) => {
      if (asFailure(error).code !== 'key-differs') throw error;
    });
    if (key) own?.push({ place, wrappedKeys: [key] });
    else foreign?.push({ place, wrappedKeys });
  }
  return [own ?? [], foreign ?? []];
}

function foreignFinding({ place, wrappedKeys }: Found): Finding {
  const arns = wrappedKeys.map(({ keyArn }) => keyArn).join(', ');
  return finding(
    `${place} is under ${arns}, which is none of this deployment's keys`,
    'if that is one of yours, ENVELOPE_OTHER_KEY_ID in .env and infra/operating.md, "The key"; else somebody has put it there: remove that version',
  );
}

async function unusableKeys({ session }: Patient, envelopes: Found[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [keyArn, { region, places }] of keysIn(envelopes)) {
    const asked = keyOperationsAt(session.kms(region)).describe(keyArn.replace(/^.*:key\//, ''));
    const key = await unlessMissing(asked);
    const which = `${places.length} of ${envelopes.length} envelopes looked at (${places[0]}) are under`;
    if (key) findings.push(...stateFindings(key, which));
    else findings.push(finding(`${which} ${keyArn}, which does not exist`, GONE));
  }
  return findings;
}

const GONE = 'restore the key from its backup, where there is one: nothing else opens them';

/** By ARN: the key's region, and the envelopes that name it. */
function keysIn(envelopes: Found[]): Map<string, { region: string; places: string[] }> {
  const keys = new Map<string, { region: string; places: string[] }>();
  for (const { place, wrappedKeys } of envelopes) {
    for (const { keyArn, region } of wrappedKeys) {
      const places = [...(keys.get(keyArn)?.places ?? []), place];
      keys.set(keyArn, { region, places });
    }
  }
  return keys;
}

/** What decrypt would refuse to ask KMS for. Nothing where its variables may not be read: another check says so. */
async function unlistedKeys({ session }: Patient, envelopes: Found[]): Promise<Finding[]> {
  const name = `${session.deployment.name}-decrypt`;
  const listed = await trustedKeys(session);
  if (!listed) return [];
  const shut = envelopes.filter(
    ({ wrappedKeys }) => !wrappedKeys.some(({ keyArn }) => listed.includes(keyArn)),
  );
  return shut.slice(0, 1).map(({ place, wrappedKeys }) => {
    const keyArn = wrappedKeys[0]?.keyArn ?? '';
    const todo = `ENVELOPE_OTHER_KEY_ID=${keyArn.replace(/^.*:key\//, '')} in .env, then npx s infra deploy -y, npx s encrypt deploy -y and npx s decrypt deploy -y`;
    return finding(`${place} is under ${keyArn}, which ${name} may not ask for`, todo);
  });
}
