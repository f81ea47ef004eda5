import { resolve, type Scope } from './intrinsics';

type Logic = (argument: unknown, holds: (condition: unknown) => boolean) => boolean;

/** ROS docs: Fn::Not takes one condition, the others a list; a condition is a function or another one's name. */
const LOGIC: Record<string, Logic> = {
  'Fn::Not': (argument, holds) => !holds(argument),
  'Fn::And': (argument, holds) => several(argument, 'Fn::And').every(holds),
  'Fn::Or': (argument, holds) => several(argument, 'Fn::Or').some(holds),
};

/** The section Conditions of a template: whether the one of this name holds. Throws where there is none. */
export function readConditions(
  declared: Record<string, unknown>,
  parameter: Scope['parameter'],
): Scope['condition'] {
  const scope: Scope = { parameter, attribute: noAttribute, condition };

  function condition(name: string): boolean {
    if (!Object.hasOwn(declared, name)) throw new Error(`Conditions has no ${name}`);
    return holds(declared[name]);
  }

  function holds(value: unknown): boolean {
    if (typeof value === 'string') return condition(value);
    const [only, ...more] = Object.entries(Object(value));
    if (!only || more.length > 0) throw new Error(`${JSON.stringify(value)} is not a condition`);
    const [name, argument] = only;
    if (name === 'Fn::Equals') return isEqual(argument);
    const logic = Object.hasOwn(LOGIC, name) ? LOGIC[name] : undefined;
    if (!logic) throw new Error(`${name} is not a condition that the local cloud knows`);
    return logic(argument, holds);
  }

  function isEqual(argument: unknown): boolean {
    const [one, other, ...more] = several(argument, 'Fn::Equals');
    if (more.length > 0) throw new Error('Fn::Equals takes two values');
    return JSON.stringify(resolve(one, scope)) === JSON.stringify(resolve(other, scope));
  }

  return condition;
}

function several(argument: unknown, name: string): unknown[] {
  if (Array.isArray(argument) && argument.length >= 2) return argument;
  throw new Error(`${name} takes a list of two or more, not ${JSON.stringify(argument)}`);
}

function noAttribute(resource: string): never {
  throw new Error(`Conditions are decided before there is any ${resource}`);
}
