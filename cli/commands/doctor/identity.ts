import type { Caller } from '../../cloud/caller';
import type { Session } from '../../session/session';
import { asFailure, type Failure } from '../../terminal/failure';
import { cannotTell, type Finding, finding, ok } from './check';

/** `failure`: the credentials do not work at all, so that nothing else can be asked. */
export type Identified = { findings: Finding[]; caller?: Caller; failure?: Failure };

const PLACES: Record<string, string> = {
  local: "the local cloud's data folder",
  env: 'the environment (ALIBABA_CLOUD_ACCESS_KEY_ID)',
  oidc_role_arn: "the pod's OIDC token",
  cli_profile: '~/.aliyun/config.json',
  profile: '~/.alibabacloud/credentials',
  ecs_ram_role: "the instance's role",
  credential_uri: 'ALIBABA_CLOUD_CREDENTIALS_URI',
};

/** Who asks, by what STS says. */
export async function identify(
  session: Pick<Session, 'accountId' | 'caller' | 'identity'>,
): Promise<Identified> {
  const findings: Finding[] = [];
  try {
    const { credentials } = await session.identity();
    findings.push(ok(`credentials from ${placeOf(credentials.provider)}${tokenOf(credentials)}`));
    const caller = await session.caller();
    findings.push(ok(`they are ${whoIs(caller)}`), ...accountFindings(caller, await session.accountId()));
    return { findings, caller };
  } catch (error) {
    const failure = asFailure(error);
    const { code, message, detail, todo } = failure;
    if (code === 'sts-unavailable')
      return { findings: [...findings, cannotTell(`who asks: ${message} (${detail})`, todo)] };
    return { findings: [...findings, finding(message, todoOf(failure))], failure };
  }
}

/** By STS's code. */
function todoOf({ detail = '', todo }: Failure): string {
  if (/^InvalidTimeStamp|^IllegalTimestamp/.test(detail))
    return 'set the clock (above): a signature is good for 15 minutes';
  if (/InvalidAccessKeyId\.NotFound/.test(detail))
    return 'there is no such access key: aliyun configure, or set the environment anew';
  if (/Inactive/.test(detail))
    return 'the access key is disabled: enable it in the console of RAM, or take another';
  if (/^SignatureDoesNotMatch|^IncompleteSignature/.test(detail))
    return 'the secret does not belong to the access key: copy both anew';
  if (/SecurityToken/.test(detail))
    return 'the token is over, or belongs to another key: get a new one (aliyun sts AssumeRole, or log in again)';
  return todo;
}

function placeOf(provider: string): string {
  const names = provider.split('/');
  const known = Object.keys(PLACES).find((name) => names.includes(name));
  return PLACES[known ?? ''] ?? provider;
}

// No answer of any service says when a token ends; only whoever issued it knows.
function tokenOf({ securityToken, provider }: { securityToken?: string; provider: string }): string {
  if (securityToken === undefined) return '';
  const isRenewed = /ecs_ram_role|oidc|role_arn|sso|oauth|uri/.test(provider);
  return isRenewed
    ? ', with a token that is renewed'
    : ', with a token that nobody renews: it ends when its issuer said';
}

function whoIs({ arn, accountId, kind }: Caller): string {
  return `${arn}${kind === 'Account' ? ` (the owner of account ${accountId}: may do anything)` : ''}`;
}

function accountFindings(caller: Caller, accountId: string): Finding[] {
  if (caller.accountId === accountId) return [];
  return [
    finding(
      `the credentials are of account ${caller.accountId}, --account says ${accountId}`,
      'leave --account out, or take the other credentials',
    ),
  ];
}
