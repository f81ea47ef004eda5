import { type AccessRequest, type Decision, decide } from './decide';
import { decideByResource } from './resource-policy';
import type { Role } from './roles';

export type { AccessRequest, Decision } from './decide';

/** Whether a principal may do something, by what is attached to it. The account itself is allowed everything. */
export type Authorize = (request: AccessRequest) => Decision;

/**
 * Decides by the policies that are attached to the roles of an account. A role that is not among them may be
 * assumed and may do nothing. `sts:AssumeRole` on a role's arn is decided by whom the role trusts.
 */
export function createAuthorize(roles: Role[], accountId: string): Authorize {
  const owner = `acs:ram::${accountId}:root`;
  const byArn = new Map(roles.map((role) => [role.arn, role]));

  function mayAssume(request: AccessRequest): Decision {
    const role = byArn.get(request.resource);
    return role ? decideByResource(role.trust, request, owner) : 'allowed';
  }

  return (request) => {
    if (request.principal === owner) return 'allowed';
    if (request.action === 'sts:AssumeRole') return mayAssume(request);
    const role = byArn.get(roleArn(request.principal));
    return decide(role?.policies ?? [], request);
  };
}

/** `acs:sts::<account>:assumed-role/<role>/<session>` -> the role's own arn, which is left as it is. */
export function roleArn(principal: string): string {
  return principal.replace(/^acs:sts::(\d+):assumed-role\/([^/]+)\/.*$/s, 'acs:ram::$1:role/$2');
}
