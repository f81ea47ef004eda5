import type { DeclaredFunction, DeclaredTrigger } from '../../../infra/declared/deployment';
import { functionSettingsAt, type TriggerSettings } from '../../cloud/function-settings';
import { type Finding, finding, ok, type Patient, unlessMissing } from './check';
import { differences } from './differences';

/** What calls a function, compared with what s.yaml says. */
export async function triggers({ session }: Patient, wanted: DeclaredFunction): Promise<Finding[]> {
  const { functionName: name, resource, triggers: declared = [] } = wanted;
  const deployed = await unlessMissing(functionSettingsAt(session.fc()).triggers(name));
  if (!deployed) return [];
  const deploy = `npx s ${resource} deploy -y`;
  const findings = declared.flatMap((one) =>
    triggerFindings(
      one,
      deployed.find(({ triggerName }) => triggerName === one.triggerName),
      { name, deploy },
    ),
  );
  const known = declared.map(({ triggerName }) => triggerName);
  const strangers = deployed
    .filter(({ triggerName }) => !known.includes(triggerName))
    .map(({ triggerName, triggerType }) =>
      finding(
        `${name}: its trigger ${triggerName} (${triggerType}) is not in s.yaml`,
        `console of Function Compute, ${name}, Triggers: delete it, unless it is meant`,
      ),
    );
  const all = [...findings, ...strangers];
  return all.length > 0
    ? all
    : [ok(`${name}: ${declared.length === 1 ? 'trigger' : 'triggers'} ${known.join(', ')} as declared`)];
}

const LOST: Record<string, string> = {
  oss: 'uploads wait for the sweep',
  timer: 'nobody looks for what events missed, and downloads do not end',
  http: 'nobody can ask for a download by HTTP',
};

function triggerFindings(
  { triggerName, triggerType, triggerConfig, sourceArn, invocationRole }: DeclaredTrigger,
  deployed: TriggerSettings | undefined,
  { name, deploy }: { name: string; deploy: string },
): Finding[] {
  const what = `${name}: its trigger ${triggerName}`;
  if (!deployed) return [finding(`${what} (${triggerType}) is not there: ${LOST[triggerType]}`, deploy)];
  const { config, ...own } = deployed;
  if (config.authType === 'anonymous')
    return [finding(`${what} lets anybody in without a signature`, deploy)];
  if (triggerConfig.enable === true && config.enable === false)
    return [
      finding(
        `${what} is disabled: ${LOST[triggerType]}`,
        `${deploy}, or enable it in the console of Function Compute, ${name}, Triggers`,
      ),
    ];
  const where = differences(
    { triggerType, ...(sourceArn && { sourceArn }), ...(invocationRole && { invocationRole }) },
    own,
  );
  const moved = `console of Function Compute, ${name}, Triggers: delete it, then ${deploy} (a deploy does not move a trigger)`;
  return [
    ...where.map((difference) => finding(`${what}: ${difference}`, moved)),
    ...differences(triggerConfig, config).map((difference) => finding(`${what}: ${difference}`, deploy)),
  ];
}
