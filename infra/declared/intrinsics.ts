/** What a template's functions can name. */
export type Scope = {
  /** A parameter or a pseudo parameter such as `ALIYUN::Region`; undefined when there is none of that name. */
  parameter(name: string): unknown;
  /** An attribute of a resource. Throws for one that is not known. */
  attribute(resource: string, attribute: string): string;
  /** Whether a condition of that name holds. Throws where there is none. */
  condition(name: string): boolean;
};

/** The value of `ALIYUN::NoValue`: a property that has it is left out. */
export const NO_VALUE = Symbol('ALIYUN::NoValue');

type Fn = (argument: unknown, scope: Scope) => unknown;
const FUNCTIONS: Record<string, Fn> = {
  Ref: ref,
  'Fn::GetAtt': getAtt,
  'Fn::If': choose,
  'Fn::Sub': sub,
  'Fn::Join': join,
  'Fn::Replace': replace,
  'Fn::Split': split,
};

/** A value of a ROS template with its functions applied. Throws an Error that names a function not known here. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => present(resolve(item, scope)));
  if (typeof value !== 'object' || value === null) return value;
  const [only, ...more] = Object.entries(value);
  if (only && more.length === 0 && /^(Ref|Fn::.*)$/.test(only[0])) return apply(only[0], only[1], scope);
  const entries = Object.entries(value).map(([name, item]) => [name, resolve(item, scope)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== NO_VALUE));
}

/** ROS documents ALIYUN::NoValue for properties only. */
function present(item: unknown): unknown {
  if (item === NO_VALUE) throw new Error('ALIYUN::NoValue is an item of a list');
  return item;
}

function apply(name: string, argument: unknown, scope: Scope): unknown {
  const fn = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!fn) throw new Error(`${name} is not a function that the local cloud knows`);
  return fn(argument, scope);
}

function ref(name: unknown, scope: Scope): unknown {
  const value = typeof name === 'string' ? scope.parameter(name) : undefined;
  if (value === undefined) throw new Error(`Ref: there is no parameter ${JSON.stringify(name)}`);
  return value;
}

function getAtt(argument: unknown, scope: Scope): string {
  const [resource, attribute, ...more] = Array.isArray(argument) ? argument : [];
  if (typeof resource !== 'string' || typeof attribute !== 'string' || more.length > 0) {
    throw new Error(`Fn::GetAtt takes [resource, attribute], not ${JSON.stringify(argument)}`);
  }
  return scope.attribute(resource, attribute);
}

function choose(argument: unknown, scope: Scope): unknown {
  const [name, whenTrue, whenFalse, ...more] = Array.isArray(argument) ? argument : [];
  if (typeof name !== 'string' || whenFalse === undefined || more.length > 0) {
    throw new Error(`Fn::If takes [condition, value, value], not ${JSON.stringify(argument)}`);
  }
  return resolve(scope.condition(name) ? whenTrue : whenFalse, scope);
}

/** A text, or [text, values of its own]; `${!x}` stands for `${x}`. */
function sub(argument: unknown, scope: Scope): string {
  const [text, own = {}] = [argument].flat();
  if (typeof text !== 'string') throw new Error(`Fn::Sub takes a text, not ${JSON.stringify(argument)}`);
  const values = new Map(Object.entries(Object(resolve(own, scope))));
  return text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    return plain(values.get(name) ?? named(name, scope), `Fn::Sub: ${name}`);
  });
}

function named(name: string, scope: Scope): unknown {
  const value = scope.parameter(name);
  if (value !== undefined) return value;
  const [resource = '', ...attribute] = name.split('.');
  if (attribute.length > 0) return scope.attribute(resource, attribute.join('.'));
  throw new Error(`Fn::Sub: there is no parameter ${name}`);
}

function join(argument: unknown, scope: Scope): string {
  const [delimiter, items] = Array.isArray(argument) ? argument : [];
  const texts = resolve(items, scope);
  if (typeof delimiter !== 'string' || !Array.isArray(texts)) {
    throw new Error(`Fn::Join takes [delimiter, list], not ${JSON.stringify(argument)}`);
  }
  return texts.map((text) => plain(text, 'Fn::Join')).join(delimiter);
}

/** ROS docs: [{old: new}, text], wherever the text has an old one. */
function replace(argument: unknown, scope: Scope): string {
  const [texts, whole, ...more] = Array.isArray(argument) ? argument : [];
  const pairs = Object.entries(Object(resolve(texts, scope)));
  if (pairs.length === 0 || more.length > 0) {
    throw new Error(`Fn::Replace takes [{old: new}, text], not ${JSON.stringify(argument)}`);
  }
  return pairs.reduce(
    (text, [old, other]) => text.replaceAll(old, plain(other, 'Fn::Replace')),
    plain(resolve(whole, scope), 'Fn::Replace'),
  );
}

function split(argument: unknown, scope: Scope): string[] {
  const [delimiter, whole, ...more] = Array.isArray(argument) ? argument : [];
  if (typeof delimiter !== 'string' || delimiter === '' || more.length > 0) {
    throw new Error(`Fn::Split takes [delimiter, text], not ${JSON.stringify(argument)}`);
  }
  return plain(resolve(whole, scope), 'Fn::Split').split(delimiter);
}

function plain(value: unknown, where: string): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new Error(`${where} is not a text`);
}
