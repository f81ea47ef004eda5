import { OssError } from '../wire/errors';

type Statement = { effect: 'Allow' | 'Deny'; principals: string[]; conditional: boolean };

/** Checks a bucket policy of at most 16 KB and reads what matters here. Throws InvalidPolicyDocument. */
export function readPolicy(document: string): Statement[] {
  if (Buffer.byteLength(document) > 16 * 1024) throw invalid('The policy is larger than 16 KB.');
  const policy = objectIn(parsed(document), 'The policy is not a JSON object.');
  if (policy.Version !== '1') throw invalid('The Version must be "1".', '0030-00000002');
  if (!Array.isArray(policy.Statement) || policy.Statement.length === 0)
    throw invalid('Statement is missing.');
  return policy.Statement.map(readStatement);
}

/** Whether a policy lets anybody in: allowed to `*`, under no condition. */
export function isPublic(statements: Statement[]): boolean {
  return statements.some(
    ({ effect, principals, conditional }) => effect === 'Allow' && principals.includes('*') && !conditional,
  );
}

function readStatement(value: unknown): Statement {
  const statement = objectIn(value, 'A statement is not a JSON object.');
  const { Effect: effect, Condition: condition } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') throw invalid('The Effect must be Allow or Deny.');
  oneOf(statement, 'Action', 'NotAction');
  oneOf(statement, 'Resource', 'NotResource');
  if (condition !== undefined) objectIn(condition, 'The Condition is not a JSON object.');
  const { Principal: principal = [], NotPrincipal: notPrincipal = [] } = statement;
  strings(notPrincipal, 'NotPrincipal');
  return { effect, principals: strings(principal, 'Principal'), conditional: condition !== undefined };
}

function oneOf(statement: Record<string, unknown>, name: string, negated: string): void {
  const given = [name, negated].filter((one) => statement[one] !== undefined);
  const [only] = given;
  if (only === undefined || given.length > 1)
    throw invalid(`Exactly one of ${name} and ${negated} is needed.`);
  if (strings(statement[only], only).length === 0) throw invalid(`The ${only} is empty.`);
}

function strings(value: unknown, name: string): string[] {
  const list: unknown[] = [value].flat();
  if (list.every((one) => typeof one === 'string')) return list;
  throw invalid(`The ${name} must be a string or a list of strings.`);
}

function parsed(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    throw invalid('The policy is not JSON.');
  }
}

function objectIn(value: unknown, otherwise: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(otherwise);
  return Object.fromEntries(Object.entries(value));
}

function invalid(message: string, ec = '0030-00000005'): OssError {
  return new OssError('InvalidPolicyDocument', { message, ec });
}
