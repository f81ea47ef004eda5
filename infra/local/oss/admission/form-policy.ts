import { OssError } from '../wire/errors';

/** The sizes (bytes) that a policy allows the file to have. */
export type SizeRange = { least: number; most: number };

type Condition = unknown;

/**
 * Checks a form against its policy, the Base64 of a JSON document (OSS docs, "PostObject", Appendix: Policy).
 * Returns what sizes it allows. Throws InvalidPolicyDocument, and AccessDenied naming the condition that failed.
 */
export function checkPolicy(policy: string, form: ReadonlyMap<string, string>, now: number): SizeRange {
  const { expiration, conditions } = parsedPolicy(policy);
  if (now > expiration) throw denied('Policy expired.');
  const range = { least: 0, most: Number.POSITIVE_INFINITY };
  for (const condition of conditions) {
    const [operator, name, value] = normalized(condition);
    if (operator === 'content-length-range') Object.assign(range, sizeRange(name, value));
    else if (!holds(operator, form.get(fieldName(name)) ?? '', value)) {
      throw denied(`Policy Condition failed: ${JSON.stringify(shown(condition))}`, '0006-00000227');
    }
  }
  return range;
}

function parsedPolicy(policy: string): { expiration: number; conditions: Condition[] } {
  const document = json(Buffer.from(policy, 'base64').toString('utf8'));
  const fields: Record<string, unknown> = typeof document === 'object' ? { ...document } : {};
  const expiration = Date.parse(String(fields.expiration ?? ''));
  if (fields.expiration === undefined) throw invalid('Policy missing expiration.');
  if (Number.isNaN(expiration)) throw invalid('Invalid expiration.');
  if (!Array.isArray(fields.conditions)) throw invalid('Policy missing conditions.', '0006-00000207');
  return { expiration, conditions: fields.conditions };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('Invalid JSON.', '0006-00000201');
  }
}

/** {"a": "b"} is short for ["eq", "$a", "b"]. */
function normalized(condition: Condition): [operator: string, name: unknown, value: unknown] {
  const [operator, name, value] = shown(condition);
  if (typeof operator !== 'string') throw invalid('Invalid condition.', '0006-00000223');
  return [operator.toLowerCase(), name, value];
}

function shown(condition: Condition): unknown[] {
  if (Array.isArray(condition) && condition.length === 3) return condition;
  const entries = typeof condition === 'object' && condition !== null ? Object.entries(condition) : [];
  const [entry, ...more] = Array.isArray(condition) ? [] : entries;
  if (entry === undefined || more.length > 0) throw invalid('Invalid condition.', '0006-00000223');
  return ['eq', `$${entry[0]}`, entry[1]];
}

function fieldName(name: unknown): string {
  if (typeof name === 'string') return name.replace(/^\$/, '').toLowerCase();
  throw invalid('Invalid condition.', '0006-00000223');
}

function holds(operator: string, field: string, value: unknown): boolean {
  if (operator === 'eq') return field === text(value);
  if (operator === 'starts-with') return field.startsWith(text(value));
  if (operator === 'in') return texts(value).includes(field);
  if (operator === 'not-in') return !texts(value).includes(field);
  throw invalid(`Invalid condition ${operator}.`, '0006-00000223');
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalid('Invalid condition.', '0006-00000223');
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(text);
  throw invalid('Invalid condition.', '0006-00000223');
}

function sizeRange(least: unknown, most: unknown): SizeRange {
  const numbers = Number.isSafeInteger(least) && Number.isSafeInteger(most);
  if (!numbers) throw invalid('Invalid content-length-range.', '0006-00000221');
  const range = { least: Number(least), most: Number(most) };
  if (range.least >= 0 && range.least <= range.most) return range;
  throw invalid('Invalid content-length-range.', '0006-00000219');
}

function invalid(what: string, ec?: string): OssError {
  return new OssError('InvalidPolicyDocument', { message: `Invalid Policy: ${what}`, ...(ec && { ec }) });
}

function denied(what: string, ec?: string): OssError {
  const message = `Invalid according to Policy: ${what}`;
  return new OssError('AccessDenied', { message, ...(ec && { ec }) });
}
