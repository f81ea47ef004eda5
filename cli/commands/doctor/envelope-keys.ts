import { openVault } from '../../../functions/cloud/vault';
import { listVersions, type Version } from '../../../functions/cloud/versions';
import { type Header, parseHeader } from '../../../functions/envelope/envelope';
import { openFunctionInspector } from '../../cloud/function-settings';
import { openKeyOperations } from '../../cloud/key-operations';
import { asFailure } from '../../terminal/failure';
import { type Check, type Finding, finding, ok, type Patient, unlessMissing } from './check';
import { stateFindings } from './key';

/** Whether what lies in the vault can still be opened. */
export const envelopeKeysCheck: Check<Patient> = {
  ...{ subject: 'key', looksAt: 'the keys of envelopes in the vault' },
  needs: 'oss:ListObjectVersions, oss:GetObject and oss:GetObjectVersion of the vault, or kms:DescribeKey,',
  run: keysOfEnvelopes,
};

type Found = { place: string; header: Header };

async function keysOfEnvelopes(patient: Patient): Promise<Finding[]> {
  const envelopes: Found[] = [];
  const others: Finding[] = [];
  for (const version of await sampleOf(patient)) {
    const place = `oss://${patient.session.deployment.vaultBucket}/${version.key}`;
    const header = await headerOf(patient, version);
    if (header) envelopes.push({ place, header });
    else others.push(finding(`${place} is no envelope`, `look at it: oss-envelope inspect '${place}'`));
  }
  if (envelopes.length === 0) return [...others, ok('the vault has no envelope to look at')];
  const findings = [
    ...others,
    ...(await unusableKeys(patient, envelopes)),
    ...(await unlistedKeys(patient, envelopes)),
  ];
  return findings.length > 0
    ? findings
    : [ok(`${envelopes.length} envelopes looked at are under keys that are Enabled`)];
}

/** Spread over the first thousand versions of the vault. */
async function sampleOf({ session, sample }: Patient): Promise<Version[]> {
  const client = await session.oss(session.deployment.vaultBucket);
  const { versions } = await listVersions(client, { maxKeys: 1000 });
  const current = versions.filter(({ isCurrent }) => isCurrent);
  const step = Math.max(1, Math.floor(current.length / sample));
  return current.filter((_, index) => index % step === 0).slice(0, sample);
}

async function headerOf({ session }: Patient, { key, versionId }: Version): Promise<Header | undefined> {
  const { vaultBucket } = session.deployment;
  const client = await session.oss(vaultBucket);
  try {
    return parseHeader((await openVault(client, client, vaultBucket).find(key, versionId)).start);
  } catch (error) {
    if (asFailure(error).code === 'cannot-open') return undefined;
    throw error;
  }
}

async function unusableKeys({ session }: Patient, envelopes: Found[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [keyArn, { region, places }] of keysIn(envelopes)) {
    const asked = openKeyOperations(await session.kms(region)).describe(keyArn.replace(/^.*:key\//, ''));
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
  for (const { place, header } of envelopes) {
    for (const { keyArn, region } of header.wrappedKeys) {
      const places = [...(keys.get(keyArn)?.places ?? []), place];
      keys.set(keyArn, { region, places });
    }
  }
  return keys;
}

/** What decrypt would refuse to ask KMS for. Nothing where its variables may not be read: another check says so. */
async function unlistedKeys({ session }: Patient, envelopes: Found[]): Promise<Finding[]> {
  const name = `${session.deployment.name}-decrypt`;
  const settings = await openFunctionInspector(await session.fc())
    .settings(name)
    .catch(() => undefined);
  const list = settings?.environmentVariables?.ENVELOPE_KMS_KEY_ARNS;
  if (list === undefined) return [];
  const listed = list.split(',').map((arn) => arn.trim());
  const shut = envelopes.filter(
    ({ header }) => !header.wrappedKeys.some(({ keyArn }) => listed.includes(keyArn)),
  );
  return shut.slice(0, 1).map(({ place, header }) => {
    const keyArn = header.wrappedKeys[0]?.keyArn ?? '';
    const todo = `OTHER_KEY_ID=${keyArn.replace(/^.*:key\//, '')} in .env, then npx s infra deploy -y and npx s decrypt deploy -y`;
    return finding(`${place} is under ${keyArn}, which ${name} may not ask for`, todo);
  });
}
