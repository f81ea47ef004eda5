import type { DeclaredFunction } from '../../../infra/declared/deployment';
import { functionSettingsAt } from '../../cloud/function-settings';
import { keyOperationsAt } from '../../cloud/key-operations';
import { type Check, type Finding, finding, ok, type Patient, unlessMissing } from './check';
import { differences } from './differences';
import { triggers } from './triggers';

const subject = 'functions';
/** What a run depends on. */
const FIELDS = ['runtime', 'handler', 'timeout', 'memorySize', 'cpu', 'diskSize', 'role'];

/** Three checks for each function of s.yaml. */
export function functionChecks({ declared }: Pick<Patient, 'declared'>): Check<Patient>[] {
  return declared.functions.flatMap((wanted): Check<Patient>[] => {
    const name = wanted.functionName;
    return [
      {
        ...{ subject, looksAt: name, needs: `fc:GetFunction of ${name}` },
        run: (patient) => settings(patient, wanted),
      },
      {
        ...{ subject, looksAt: `the triggers of ${name}`, needs: `fc:ListTriggers of ${name}` },
        run: (patient) => triggers(patient, wanted),
      },
      {
        ...{
          subject,
          looksAt: `what becomes of failed events of ${name}`,
          needs: `fc:GetFunctionAsyncInvokeConfig of ${name}`,
        },
        run: (patient) => asyncSettings(patient, wanted),
      },
    ];
  });
}

async function settings(patient: Patient, wanted: DeclaredFunction): Promise<Finding[]> {
  const { functionName: name, resource } = wanted;
  const deployed = await unlessMissing(functionSettingsAt(patient.session.fc()).settings(name));
  const todo = `npx s ${resource} deploy -y`;
  if (!deployed)
    return [
      finding(
        `there is no function ${name}`,
        `check ENVELOPE_REGION and ENVELOPE_NAME in .env; where it was not deployed yet: ${todo}`,
      ),
    ];
  const { state = 'Active', environmentVariables = {} } = deployed;
  const declared = Object.fromEntries(
    FIELDS.filter((field) => wanted[field] !== undefined).map((field) => [field, wanted[field]]),
  );
  const says = [
    ...(state === 'Active' ? [] : [`it is ${state}`]),
    ...differences(declared, deployed),
    ...variableDifferences(patient, wanted, environmentVariables),
    ...(await keyList(patient, environmentVariables)),
  ];
  if (says.length === 0) return [ok(`${name}: deployed as s.yaml and .env say`)];
  return says.map((difference) => finding(`${name}: ${difference}`, todo));
}

/** One sentence for all of them. */
function variableDifferences(
  patient: Patient,
  wanted: DeclaredFunction,
  deployed: Record<string, string>,
): string[] {
  const all = [...differences(comparable(wanted, patient), deployed), ...unknownNames(wanted, deployed)];
  return all.length > 0 ? [all.join('; ')] : [];
}

/** The local cloud is reached elsewhere than .env says; the keys are compared by themselves; what is unset was told. */
function comparable(
  { environmentVariables }: DeclaredFunction,
  { session, declared }: Patient,
): Record<string, string> {
  const elsewhere = session.isLocal ? /_ENDPOINT$|_DOWNLOADS_URL$/ : /^$/;
  const isOpen = (name: string) =>
    elsewhere.test(name) || name === 'ENVELOPE_KMS_KEY_ARNS' || declared.unset.includes(name);
  return Object.fromEntries(Object.entries(environmentVariables).filter(([name]) => !isOpen(name)));
}

function unknownNames(
  { environmentVariables }: DeclaredFunction,
  deployed: Record<string, string>,
): string[] {
  const unknown = Object.keys(deployed).filter(
    (name) => name.startsWith('ENVELOPE_') && !Object.hasOwn(environmentVariables, name),
  );
  return unknown.map((name) => `${name} is not in s.yaml`);
}

/** Whether encrypt may seal under the key of the alias, and decrypt ask for it. Whoever may not describe it is told so elsewhere. */
async function keyList(
  { session }: Patient,
  { ENVELOPE_KMS_KEY_ARNS: list }: Record<string, string>,
): Promise<string[]> {
  if (list === undefined) return [];
  const key = await keyOperationsAt(session.kms())
    .describe(`alias/${session.deployment.name}`)
    .catch(() => undefined);
  if (!key || list.split(',').some((arn) => arn.trim().endsWith(`:key/${key.keyId}`))) return [];
  return [
    `ENVELOPE_KMS_KEY_ARNS does not have ${key.arn}, the key of new envelopes: encrypt seals none, decrypt opens none`,
  ];
}

async function asyncSettings({ session }: Patient, wanted: DeclaredFunction): Promise<Finding[]> {
  const { functionName: name, resource, asyncInvokeConfig } = wanted;
  if (!asyncInvokeConfig) return [];
  const { qualifier: _, ...declared } = asyncInvokeConfig;
  const todo = `npx s ${resource} deploy -y`;
  const deployed = await unlessMissing(functionSettingsAt(session.fc()).asyncSettings(name));
  if (!deployed) return [finding(`${name}: nothing says what becomes of failed events: they are lost`, todo)];
  const found = differences(declared, deployed);
  if (found.length > 0) return found.map((difference) => finding(`${name}, events: ${difference}`, todo));
  return [ok(`${name}: failed events are tried again, and then go to the queue`)];
}
