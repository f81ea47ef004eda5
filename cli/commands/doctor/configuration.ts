import { decryptConfig, encryptConfig, sweepConfig } from '../../../functions/config';
import type { Declared, DeclaredFunction } from '../../../infra/declared/deployment';
import type { Session } from '../../session/session';
import { namesInFile } from '../../session/variables';
import { asFailure } from '../../terminal/failure';
import { type Check, type Finding, finding, ok } from './check';

/** What can be known without asking anybody. `envFile`: that was named, else .env. */
export type Settings = { session: Session; declared: Declared; envFile: string | undefined };

const subject = 'configuration';

export const configurationChecks: Check<Settings>[] = [
  { subject, looksAt: 'the names in .env', run: async (settings) => namesOf(settings) },
  { subject, looksAt: 'the variables of the functions', run: functionVariables },
  { subject, looksAt: 'the endpoints', run: async (settings) => endpoints(settings) },
];

function namesOf({ session, declared, envFile }: Settings): Finding[] {
  const names = namesInFile(envFile);
  if (names.length === 0) {
    const says = `${envFile ?? '.env'} says nothing: the defaults of s.yaml`;
    if (session.isLocal) return [ok(`${says}, and the local cloud's endpoints`)];
    return [finding(`${says} are looked at`, 'cp .env.example .env, or name yours with --env')];
  }
  const unknown = names.filter((name) => !declared.names.includes(name));
  if (unknown.length === 0) return [ok(`${envFile ?? '.env'} has no name that s.yaml does not ask for`)];
  return [
    finding(
      `${envFile ?? '.env'}: nobody asks for ${unknown.join(', ')}`,
      'correct the spelling after .env.example, or take them out; nothing secret belongs there',
    ),
  ];
}

const CONFIGS: Record<string, (environment: Record<string, string>) => object> = {
  encrypt: encryptConfig,
  decrypt: decryptConfig,
  sweep: sweepConfig,
};

async function functionVariables({ session, declared }: Settings): Promise<Finding[]> {
  const unset = session.isLocal ? [] : declared.unset;
  const missing = unset.map((name) =>
    finding(`${name} is not set, and s.yaml has no default`, 'set it in .env'),
  );
  const wrong = declared.functions.flatMap((one) => problemsOf(one, session));
  const findings = [
    ...missing,
    ...[...new Set(wrong)].map((problem) =>
      finding(problem, 'correct it in .env, then deploy the functions'),
    ),
  ];
  return findings.length > 0 ? findings : [ok('the functions would start with these variables')];
}

/** As an instance would say it at its start. */
function problemsOf(
  { resource, environmentVariables }: DeclaredFunction,
  { region, isLocal }: Pick<Session, 'region' | 'isLocal'>,
): string[] {
  // The local cloud gives its own.
  const downloads = isLocal && resource === 'decrypt' && { ENVELOPE_DOWNLOADS_URL: 'https://localhost' };
  try {
    const platform = { FC_REGION: region, FC_ACCOUNT_ID: '0' };
    CONFIGS[resource]?.({ ...platform, ...environmentVariables, ...downloads });
    return [];
  } catch (error) {
    const [, problems = ''] = asFailure(error).message.split('Cannot start: ');
    return problems.split('; ');
  }
}

function endpoints({ session }: Settings): Finding[] {
  const { variables } = session.deployment;
  const internal = [
    'ENVELOPE_OSS_ENDPOINT',
    'ENVELOPE_KMS_ENDPOINT',
    'ENVELOPE_FC_ENDPOINT',
    'ENVELOPE_MNS_ENDPOINT',
  ].filter((name) => isInternal(variables[name]));
  const url = variables.ENVELOPE_DOWNLOADS_URL;
  if (isInternal(url))
    return [
      finding(
        `ENVELOPE_DOWNLOADS_URL is internal: nobody outside ${session.region} can fetch a download`,
        'set it to the custom domain of the downloads bucket',
      ),
    ];
  if (internal.length === 0)
    return [ok(`endpoints are those of ${session.isLocal ? 'the local cloud' : session.region}`)];
  return [ok(`${internal.join(', ')} internal: for the functions only, asked here are the public ones`)];
}

function isInternal(url: string | undefined): boolean {
  return url !== undefined && /-internal\.|\.vpc\.|-vpc\./.test(url);
}
