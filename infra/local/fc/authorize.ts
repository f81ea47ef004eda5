import type { Authorize } from '../ram/authorize';

export type Guard = { accountId: string; region: string; authorize?: Authorize | undefined };

/** `service`: who assumes `role` to invoke, as a trigger does. */
export type TriggerRole = { role: string; service: string };

const ACTION = 'fc:InvokeFunction';

/**
 * Why a caller may not invoke a function, as FC says it; undefined when it may. Asked for on the function, and on its
 * qualifier where one is given: the documentation names both resources and not which is looked at.
 */
export function refusedInvocation(
  { accountId, region, authorize }: Guard,
  { functionName, principal, qualifier }: { functionName: string; principal: string; qualifier?: string },
): string | undefined {
  const plain = `acs:fc:${region}:${accountId}:functions/${functionName}`;
  for (const resource of [plain, ...(qualifier ? [`${plain}/${qualifier}`] : [])]) {
    const decision = authorize?.({ principal, action: ACTION, resource, conditions: {} }) ?? 'allowed';
    if (decision !== 'allowed') {
      return `the caller is not authorized to perform '${ACTION}' on resource '${resource}'`;
    }
  }
  return undefined;
}

/** Why a service may not invoke a function as this role, which has to trust it; undefined when it may. */
export function refusedTrigger(guard: Guard, functionName: string, by: TriggerRole): string | undefined {
  const untrusted = refusedRole(guard, by);
  return untrusted ?? refusedInvocation(guard, { functionName, principal: by.role, qualifier: 'LATEST' });
}

/** Why a service may not assume a role: it does not trust it. A role that nobody declared may do nothing anyway. */
export function refusedRole({ authorize }: Guard, { role, service }: TriggerRole): string | undefined {
  const request = { principal: service, action: 'sts:AssumeRole', resource: role, conditions: {} };
  if (!authorize || authorize(request) === 'allowed') return undefined;
  return `the role ${role} does not trust ${service}`;
}
