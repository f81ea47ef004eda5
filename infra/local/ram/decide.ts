import type { Patterns, Policy, Statement } from './policy';
import { fitsWildcard } from './wildcard';

/** `principal` is an arn, `action` for example `oss:PutObject`, `resource` for example `acs:oss:*:<account>:<bucket>/<key>`. */
export type AccessRequest = {
  principal: string;
  action: string;
  resource: string;
  /** By condition key, for example `acs:SecureTransport` or `kms:EncryptionContext:app`. */
  conditions: Record<string, string>;
};

/** `implicit`: nothing allows it; `explicit`: a Deny matched. */
export type Decision = 'allowed' | 'implicit' | 'explicit';

/** What these policies say together: a Deny beats every Allow, and without an Allow nothing is allowed. */
export function decide(policies: Policy[], request: AccessRequest): Decision {
  const matching = policies.flat().filter((statement) => matches(statement, request));
  if (matching.some(({ effect }) => effect === 'Deny')) return 'explicit';
  return matching.length > 0 ? 'allowed' : 'implicit';
}

function matches({ actions, resources, conditions }: Statement, request: AccessRequest): boolean {
  return (
    coversAction(actions, request.action) &&
    covers(resources, request.resource) &&
    conditions.every((condition) => condition(request.conditions))
  );
}

// Actions are compared without regard to case, resources with it (RAM docs: "Policy elements").
function coversAction({ not, patterns }: Patterns, action: string): boolean {
  return covers({ not, patterns: patterns.map((pattern) => pattern.toLowerCase()) }, action.toLowerCase());
}

function covers({ not, patterns }: Patterns, name: string): boolean {
  return patterns.some((pattern) => fitsWildcard(pattern, name)) !== not;
}
