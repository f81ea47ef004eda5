import { type AccessRequest, type Decision, decide } from './decide';
import type { Policy, Statement } from './policy';
import { fitsWildcard } from './wildcard';

/**
 * What a resource's own policy says to a request. `owner` is the arn of the account that the resource belongs to:
 * a statement for `*` without a condition is not about it (OSS docs: "Bucket policies").
 */
export function decideByResource(policy: Policy, request: AccessRequest, owner: string): Decision {
  const about = policy.filter((statement) => isAbout(statement, request.principal, owner));
  return decide([about], request);
}

function isAbout({ principals, conditions }: Statement, principal: string, owner: string): boolean {
  if (principals.includes('*')) return principal !== owner || conditions.length > 0;
  return principals.some((pattern) => names(pattern, principal));
}

/** An account by its id; a role's session by its arn, which OSS writes `arn:sts::…`; a service by its name. */
function names(pattern: string, principal: string): boolean {
  if (/^\d+$/.test(pattern)) return principal === `acs:ram::${pattern}:root`;
  return fitsWildcard(pattern.replace(/^arn:/, 'acs:'), principal);
}
