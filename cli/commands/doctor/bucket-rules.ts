import type { Tags } from '../../../infra/declared/deployment';
import { bucketPolicy, type LifecycleRule, lifecycleRules } from '../../cloud/bucket-settings';
import { type Finding, finding, ok, type Patient } from './check';

type Rule = { Prefix: string; Expiration?: { Days: number }; AbortMultipartUpload?: { Days: number } };

/** What ends by itself, and what must not. */
export async function lifecycle(
  { session }: Patient,
  { id, bucket }: { id: string; bucket: string },
  wanted: Tags,
): Promise<Finding[]> {
  const rules = (await lifecycleRules(session.oss(bucket))).filter(({ isEnabled }) => isEnabled);
  const declared = ((wanted.LifecycleConfiguration as { Rule?: Rule[] } | undefined)?.Rule ?? []) as Rule[];
  const todo = `console of OSS, ${bucket}, Lifecycle: the rules of infra/template.yaml (or ossutil lifecycle --method put oss://${bucket} FILE)`;
  const missing = declared
    .flatMap((rule) => lackOf(rule, rules))
    .map((says) => finding(`${bucket}: ${says}`, todo));
  const expiring = ['Inbox', 'Vault'].includes(id)
    ? rules.filter(({ expiresAfter }) => expiresAfter !== undefined)
    : [];
  const deleting = expiring.map(({ prefix, expiresAfter }) =>
    finding(
      `${bucket}: a rule deletes what begins with '${prefix}' after ${expiresAfter} days`,
      `take that rule away, unless it is meant: console of OSS, ${bucket}, Lifecycle`,
    ),
  );
  const findings = [...missing, ...deleting];
  return findings.length > 0 ? findings : [ok(`${bucket}: lifecycle as declared`)];
}

function lackOf({ Prefix, Expiration, AbortMultipartUpload }: Rule, rules: LifecycleRule[]): string[] {
  const own = rules.filter(({ prefix }) => prefix === Prefix || prefix === '');
  const within = (days: number | undefined, most: number) => days !== undefined && days <= most;
  const lacks: string[] = [];
  if (Expiration && !own.some(({ expiresAfter }) => within(expiresAfter, Expiration.Days)))
    lacks.push(
      `no rule deletes what is older than ${Expiration.Days} day${Expiration.Days === 1 ? '' : 's'}`,
    );
  if (
    AbortMultipartUpload &&
    !own.some(({ abortsUploadsAfter }) => within(abortsUploadsAfter, AbortMultipartUpload.Days))
  )
    lacks.push(
      `no rule removes the parts of uploads that nobody finishes within ${AbortMultipartUpload.Days} days`,
    );
  return lacks;
}

type Statement = {
  Effect?: string;
  Action?: unknown;
  Resource?: unknown;
  Condition?: { Bool?: Record<string, unknown> };
};

/** Whether plain HTTP is refused. */
export async function policy(
  { session, accountId }: Patient,
  bucket: string,
  wanted: Tags,
): Promise<Finding[]> {
  if (wanted.Policy === undefined) return [];
  const document = Object((await bucketPolicy(session.oss(bucket))) ?? {}) as {
    Statement?: Statement[];
  };
  const arn = `acs:oss:*:${accountId}:${bucket}`;
  const refuses = (document.Statement ?? []).some(({ Effect, Action, Resource, Condition }) => {
    const [actions, resources, secure] = [Action, Resource, Condition?.Bool?.['acs:SecureTransport']].map(
      (one) => [one ?? []].flat(),
    );
    const isAll = resources?.includes(arn) && resources.includes(`${arn}/*`);
    return Effect === 'Deny' && actions?.includes('oss:*') && isAll && String(secure) === 'false';
  });
  if (refuses) return [ok(`${bucket}: refuses plain HTTP`)];
  return [
    finding(
      `${bucket}: its policy does not refuse plain HTTP`,
      `ossutil bucket-policy --method put oss://${bucket} FILE, with the statement of infra/template.yaml`,
    ),
  ];
}
