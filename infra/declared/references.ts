/** What a value of a template names: parameters and pseudo parameters, attributes of resources, conditions. */
export type References = {
  parameters: string[];
  /** `given`: conditions that hold where it is asked for, by the Fn::If around it. */
  attributes: [resource: string, attribute: string, given: string[]][];
  conditions: string[];
};

/** Collects what `Ref`, `Fn::GetAtt`, `Fn::Sub` and `Fn::If` anywhere in the value name. */
export function referencesIn(value: unknown): References {
  const found: References = { parameters: [], attributes: [], conditions: [] };
  collect(value, found, []);
  return found;
}

function collect(value: unknown, found: References, given: string[]): void {
  if (typeof value !== 'object' || value === null) return;
  const [only, ...more] = Array.isArray(value) ? [] : Object.entries(value);
  if (only && more.length === 0) note(only, found, given);
  if (only?.[0] === 'Fn::If' && Array.isArray(only[1])) {
    const [condition, whenTrue, ...others] = only[1];
    collect(whenTrue, found, [...given, String(condition)]);
    collect(others, found, given);
  } else for (const item of Object.values(value)) collect(item, found, given);
}

function note([name, argument]: [string, unknown], found: References, given: string[]): void {
  if (name === 'Ref') found.parameters.push(String(argument));
  if (name === 'Fn::If' && Array.isArray(argument)) found.conditions.push(String(argument[0]));
  if (name === 'Fn::GetAtt' && Array.isArray(argument)) {
    found.attributes.push([String(argument[0]), argument.slice(1).join('.'), given]);
  }
  if (name === 'Fn::Sub') noteSub(argument, found, given);
}

function noteSub(argument: unknown, found: References, given: string[]): void {
  const [text, own = {}] = [argument].flat();
  for (const [, name = ''] of String(text).matchAll(/\$\{([^}]*)\}/g)) {
    if (name.startsWith('!') || Object.hasOwn(Object(own), name)) continue;
    const [resource = '', ...attribute] = name.split('.');
    if (attribute.length === 0) found.parameters.push(name);
    else found.attributes.push([resource, attribute.join('.'), given]);
  }
}
