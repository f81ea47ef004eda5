import { KEY_ARN } from './envelope/header';

/** The value of a text, or what is wrong with it. */
export type Check<T> = (text: string) => T | Wrong;
export type Wrong = { wrong: string };

/** How object keys look in the log: as they are, or as the first half of their SHA-256. */
export type LogKeys = 'plain' | 'hash';

export function pattern(form: RegExp, what: string): Check<string> {
  return (text) => (form.test(text) ? text : { wrong: `must be ${what}` });
}

export function bucket(text: string) {
  return pattern(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, 'a bucket name')(text);
}

export function whole(min: number, max: number): Check<number> {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : { wrong: `must be a whole number from ${min} to ${max}` };
  };
}

/** The parts of a comma-separated list, without spaces around them. */
function listed(text: string): string[] {
  return text.split(',').map((part) => part.replace(/^[ \t]+|[ \t]+$/g, ''));
}

/** https, except on this machine: plaintext and signed requests cross no network unencrypted. */
export function endpoint(text: string): string | Wrong {
  const url = /^[\x21-\x7e]+$/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url?.pathname !== '/' || url.search || url.hash || url.username || url.password)
    return { wrong: 'must be a URL without a path' };
  const local = url.hostname === '127.0.0.1' || /(^|\.)localhost$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(local && url.protocol === 'http:'))
    return { wrong: 'must start with https://' };
  return url.origin;
}

/** A scheme, a host as browsers write it, and a port that is not the scheme's own. */
const ORIGIN = /^(https:\/\/[a-z0-9.-]{1,253}|http:\/\/(localhost|127\.0\.0\.1))(:[1-9]\d{0,4})?$/;

/** Origins as browsers send them, comma-separated without spaces: what ROS splits, OSS compares and we compare is one text. */
export function origins(text: string): string[] | Wrong {
  const given = text === '' ? [] : text.split(',');
  const isOrigin = (one: string) => ORIGIN.test(one) && URL.canParse(one) && new URL(one).origin === one;
  return given.every(isOrigin)
    ? given
    : { wrong: 'must be origins (https://app.example.com), comma-separated without spaces; none is *' };
}

export function logKeys(text: string): LogKeys | Wrong {
  return text === 'plain' || text === 'hash' ? text : { wrong: 'must be plain or hash' };
}

export function keyArns(text: string): string[] | Wrong {
  const arns = listed(text);
  return arns.every((arn) => KEY_ARN.test(arn))
    ? arns
    : { wrong: 'must be key ARNs (acs:kms:<region>:<account>:key/<id>), comma-separated' };
}

/** A JSON array of strings, none of them empty. */
export function keyPrefixes(text: string): string[] | Wrong {
  const json = parse(text);
  const isList = Array.isArray(json) && json.every(isPrefix);
  return isList ? json : { wrong: 'must be a JSON array of key prefixes, none of them empty' };
}

function isPrefix(json: unknown): boolean {
  return typeof json === 'string' && json !== '' && !/\p{Surrogate}/u.test(json);
}

const MEDIA_TYPE = /^[a-z0-9][a-z0-9.+-]*\/[a-z0-9][a-z0-9.+-]*$/;
/** What a browser would run, or may take apart into something that it runs. */
const SCRIPTABLE = /html|xml|script|svg|xsl|flash|java|multipart|message|mht|webarchive|wasm|manifest|json/;

/** Media types without parameters, comma-separated. Refuses what could run as a page of the downloads' domain. */
export function inlineTypes(text: string): string[] | Wrong {
  const types = listed(text).filter(Boolean);
  if (!types.every((type) => MEDIA_TYPE.test(type)))
    return { wrong: 'must be media types (image/png), comma-separated' };
  const scriptable = types.find((type) => SCRIPTABLE.test(type));
  return scriptable === undefined ? types : { wrong: `must not have ${scriptable}: it can run scripts` };
}

const HEADER = /^[a-z0-9-]{1,64}$/;

/** A JSON object of header names (lower-case) and the value that each must have. */
export function claims(text: string): Record<string, string> | Wrong {
  const json = parse(text);
  const wrong = { wrong: 'must be a JSON object of lower-case header names and values' };
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return wrong;
  const pairs = Object.entries(json).map(([name, value]): [string, unknown] => [name, value]);
  return pairs.every(([name, value]) => HEADER.test(name) && typeof value === 'string' && value !== '')
    ? (json as Record<string, string>)
    : wrong;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
