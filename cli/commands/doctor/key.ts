import { type KeyMetadata, keyOperationsAt } from '../../cloud/key-operations';
import { type Check, type Finding, finding, ok, type Patient, unlessMissing } from './check';

export const keyCheck: Check<Patient> = {
  ...{ subject: 'key', looksAt: 'the key of new envelopes', needs: 'kms:DescribeKey on the key' },
  run: currentKey,
};

async function currentKey({ session, declared }: Patient): Promise<Finding[]> {
  const alias = `alias/${session.deployment.name}`;
  const key = await unlessMissing(keyOperationsAt(session.kms()).describe(alias));
  if (!key) {
    const todo = `aliyun kms CreateAlias --AliasName ${alias} --KeyId <id of the key>; where nothing was deployed yet: npx s infra deploy -y`;
    return [finding(`there is no ${alias}: nothing can be sealed`, todo)];
  }
  const findings = [...stateFindings(key, `${alias} is`), ...settingFindings(key, declared.key)];
  return findings.length > 0
    ? findings
    : [ok(`${alias} is ${key.arn}: Enabled, rotates, protected from deletion`)];
}

/** `which`: how the sentence begins. */
export function stateFindings({ keyId, arn, state, deleteDate }: KeyMetadata, which: string): Finding[] {
  if (state === 'Enabled') return [];
  if (state === 'PendingDeletion') {
    const todo = `aliyun kms CancelKeyDeletion --KeyId ${keyId}, and then EnableKey: after that day nothing under it opens, ever`;
    return [finding(`${which} ${arn}, which is to be deleted on ${deleteDate}`, todo)];
  }
  const todo =
    state === 'PendingImport'
      ? 'import its material (console of KMS)'
      : `aliyun kms EnableKey --KeyId ${keyId}`;
  return [finding(`${which} ${arn}, which is ${state}: nothing is sealed or opened with it`, todo)];
}

function settingFindings({ keyId, arn, ...key }: KeyMetadata, wanted: Patient['declared']['key']): Finding[] {
  const findings: Finding[] = [];
  const { KeyUsage = 'ENCRYPT/DECRYPT', KeySpec } = wanted;
  if (key.usage !== KeyUsage || (KeySpec !== undefined && key.spec !== KeySpec)) {
    const todo = `point the alias to a key of spec ${KeySpec}, for ${KeyUsage} (infra/operating.md, "The key")`;
    findings.push(finding(`the key is ${key.spec} for ${key.usage}`, todo));
  }
  const canRotate = key.origin !== 'EXTERNAL' && key.state === 'Enabled';
  const rotates = key.automaticRotation === 'Enabled' && daysOf(key.rotationInterval) <= 365;
  if (canRotate && !rotates) {
    const every =
      key.automaticRotation === 'Enabled'
        ? `every ${daysOf(key.rotationInterval)} days only`
        : 'not by itself';
    const todo = `aliyun kms UpdateRotationPolicy --KeyId ${keyId} --EnableAutomaticRotation true --RotationInterval 365d`;
    findings.push(finding(`the key rotates ${every}`, todo));
  }
  if (key.deletionProtection !== 'Enabled') {
    const todo = `aliyun kms SetDeletionProtection --ProtectedResourceArn ${arn} --EnableDeletionProtection true`;
    findings.push(finding('the key is not protected from deletion', todo));
  }
  return findings;
}

function daysOf(interval: string): number {
  return Math.round(Number(/^(\d+)s$/.exec(interval)?.[1] ?? 0) / 86_400);
}
