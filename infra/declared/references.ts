/** What a value of a template names: parameters and pseudo parameters, attributes of resources, conditions. */
export type References = {
  parameters: string[];
  attributes: [resource: string, attribute: string][];
  conditions: string[];
};

/** Collects what `Ref`, `Fn::GetAtt`, `Fn::Sub` and `Fn::If` anywhere in the value name. */
export function referencesIn(value: unknown): References {
  const found: References = { parameters: [], attributes: [], conditions: [] };
  collect(value, found);
  return found;
}

function collect(value: unknown, found: References): void {
  if (Array.isArray(value)) for (const item of value) collect(item, found);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const [only, ...more] = Object.entries(value);
  if (only && more.length === 0) note(only, found);
  for (const item of Object.values(value)) collect(item, found);
}

function note([name, argument]: [string, unknown], found: References): void {
  if (name === 'Ref') found.parameters.push(String(argument));
  if (name === 'Fn::If' && Array.isArray(argument)) found.conditions.push(String(argument[0]));
  if (name === 'Fn::GetAtt' && Array.isArray(argument)) {
    found.attributes.push([String(argument[0]), argument.slice(1).join('.')]);
  }
  if (name === 'Fn::Sub') noteSub(argument, found);
}

function noteSub(argument: unknown, found: References): void {
  const [text, own = {}] = [argument].flat();
  for (const [, name = ''] of String(text).matchAll(/\$\{([^}]*)\}/g)) {
    if (name.startsWith('!') || Object.hasOwn(Object(own), name)) continue;
    const [resource = '', ...attribute] = name.split('.');
    if (attribute.length === 0) found.parameters.push(name);
    else found.attributes.push([resource, attribute.join('.')]);
  }
}
