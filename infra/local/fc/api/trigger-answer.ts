import type { FunctionSpec, HttpTrigger, OssTrigger, TimerTrigger } from '../../../declared/function-spec';
import { functionArn } from '../invocation/arn';
import type { Deployment } from '../invocation/deployment';

/** The triggers of a function as the API answers them (docs: "Trigger"), by name. `triggerConfig` is JSON. */
export function triggerAnswers(deployment: Deployment, spec: FunctionSpec) {
  const { ossTriggers, timerTriggers, httpTrigger } = spec;
  const own = [
    ...ossTriggers.map((trigger) => ossAnswer(deployment, trigger)),
    ...timerTriggers.map(timerAnswer),
    ...(httpTrigger ? [httpAnswer(httpTrigger, deployment.urls.get(spec.name))] : []),
  ];
  const createdTime = new Date(deployment.deployedAt).toISOString();
  const targetArn = functionArn(deployment, spec.name);
  const common = { qualifier: 'LATEST', status: 'OK', targetArn, createdTime, lastModifiedTime: createdTime };
  return own
    .map((trigger) => ({ ...common, ...trigger, triggerConfig: JSON.stringify(trigger.triggerConfig) }))
    .sort((a, b) => (a.triggerName < b.triggerName ? -1 : 1));
}

function ossAnswer({ region, accountId }: Deployment, trigger: OssTrigger) {
  const { name: triggerName, bucket, events, prefix, suffix, invocationRole } = trigger;
  return {
    triggerName,
    triggerType: 'oss',
    sourceArn: `acs:oss:${region}:${accountId}:${bucket}`,
    ...(invocationRole !== undefined && { invocationRole }),
    triggerConfig: { events, filter: { key: { prefix, suffix } } },
  };
}

function timerAnswer({ name: triggerName, cronExpression, isEnabled: enable, payload }: TimerTrigger) {
  return { triggerName, triggerType: 'timer', triggerConfig: { cronExpression, enable, payload } };
}

function httpAnswer({ name: triggerName, authType, methods, isInternetDisabled }: HttpTrigger, url?: string) {
  const httpTrigger = url === undefined || isInternetDisabled ? {} : { httpTrigger: { urlInternet: url } };
  const triggerConfig = { authType, methods, disableURLInternet: isInternetDisabled };
  return { triggerName, triggerType: 'http', triggerConfig, ...httpTrigger };
}
