/** The ARN of a role that s.yaml gives as an ARN or, as fc3 completes it, as a bare name. */
export function roleArn(role: string, accountId: string): string {
  return role.startsWith('acs:') ? role : `acs:ram::${accountId}:role/${role}`;
}
