import type { AccessRequest, Authorize } from '../../ram/authorize';
import { functionArn } from './arn';

export type Guard = { accountId: string; region: string; authorize?: Authorize | undefined };

/** `service`: who assumes `role` to invoke, as a trigger does. */
export type TriggerRole = { role: string; service: string };

const ACTION = 'fc:InvokeFunction';

/**
 * Why a caller may not invoke a function, as FC says it; undefined when it may. Asked for on the function, and on its
 * qualifier where one is given: the documentation names both resources and not which is looked at.
 */
export function refusedInvocation(
  guard: Guard,
  { functionName, principal, qualifier }: { functionName: string; principal: string; qualifier?: string },
): string | undefined {
  const plain = functionArn(guard, functionName);
  const resources = [plain, ...(qualifier ? [`${plain}/${qualifier}`] : [])];
  const refusals = resources.map((resource) => refusedAction(guard, { principal, action: ACTION, resource }));
  return refusals.find((refusal) => refusal !== undefined);
}

export type AskedCall = {
  operation: string;
  functionName: string;
  /** of a trigger or a task */
  name: string;
  query: URLSearchParams;
  principal: string;
};

/** Why a caller may not call this operation of the API, as FC says it; undefined when it may. */
export function refusedCall(guard: Guard, { query, ...asked }: AskedCall): string | undefined {
  const { functionName, operation, principal } = asked;
  if (operation === 'InvokeFunction') {
    const qualifier = query.get('qualifier');
    return refusedInvocation(guard, { functionName, principal, ...(qualifier && { qualifier }) });
  }
  const action = `fc:${operation.replace('AsyncInvokeConfig', 'FunctionAsyncInvokeConfig')}`;
  return refusedAction(guard, { principal, action, resource: resourceOf(guard, asked) });
}

// Docs, "RAM authorization" of each operation: tasks are on all resources.
function resourceOf(home: Guard, { operation, functionName, name }: Omit<AskedCall, 'query'>): string {
  if (/AsyncTask/.test(operation)) return '*';
  const arn = functionArn(home, functionName || '*');
  return /Trigger/.test(operation) ? `${arn}/triggers/${name || '*'}` : arn;
}

function refusedAction({ authorize }: Guard, asked: Omit<AccessRequest, 'conditions'>): string | undefined {
  if ((authorize?.({ ...asked, conditions: {} }) ?? 'allowed') === 'allowed') return undefined;
  return `the caller is not authorized to perform '${asked.action}' on resource '${asked.resource}'`;
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
