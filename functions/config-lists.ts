type Wrong = { wrong: string };

/** A JSON array of strings, none of them empty. */
export function keyPrefixes(text: string): string[] | Wrong {
  const json = parse(text);
  const isList = Array.isArray(json) && json.every((prefix) => typeof prefix === 'string' && prefix !== '');
  return isList ? json : { wrong: 'must be a JSON array of key prefixes, none of them empty' };
}

const MEDIA_TYPE = /^[a-z0-9][a-z0-9.+-]*\/[a-z0-9][a-z0-9.+-]*$/;
/** What a browser would run, or may take apart into something that it runs. */
const SCRIPTABLE = /html|xml|script|svg|xsl|flash|java|multipart|message|mht|webarchive|wasm|manifest|json/;

/** Media types without parameters, comma-separated. Refuses what could run as a page of the downloads' domain. */
export function inlineTypes(text: string): string[] | Wrong {
  const types = text.split(',').flatMap((type) => type.trim() || []);
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
