import { inOrder } from '../../declared/order';
import { type References, referencesIn } from '../../declared/references';
import type { Document, ResourceDeclaration } from './document';
import type { Schema } from './schema';

const PSEUDO = ['AccountId', 'Index', 'NoValue', 'Region', 'StackId', 'StackName', 'TenantId'].map(
  (name) => `ALIYUN::${name}`,
);
const FUNCTIONS = [
  'Add',
  'And',
  'Any',
  'Avg',
  'Base64Decode',
  'Base64Encode',
  'Calculate',
  'Cidr',
  'Contains',
]
  .concat(['EachMemberIn', 'Equals', 'FindInMap', 'FormatTime', 'GetAZs', 'GetAtt', 'GetJsonValue'])
  .concat([
    'GetStackOutput',
    'If',
    'Indent',
    'Index',
    'Join',
    'Jq',
    'Length',
    'ListMerge',
    'MarketplaceImage',
  ])
  .concat(['MatchPattern', 'Max', 'MergeMapToList', 'Min', 'Not', 'Or', 'Replace', 'Select', 'SelectMapList'])
  .concat(['Split', 'Str', 'Sub'])
  .map((name) => `Fn::${name}`);

const NO_VALUE_ITEM = 'ALIYUN::NoValue is an item of a list: put Fn::If around the whole list';

/** Every reference of a template that leads nowhere, in a circle, or to what may not be there; and what nobody names. */
export function checkReferences(document: Document, schemas: Map<string, Schema>): string[] {
  const { Parameters = {}, Conditions = {}, Resources, Outputs = {} } = document;
  const places = [
    ...Object.entries(Resources).map(([id, one]) => ({
      path: `Resources.${id}`,
      value: one.Properties,
      ...one,
    })),
    ...Object.entries(Outputs).map(([id, one]) => ({ path: `Outputs.${id}`, value: one.Value, ...one })),
    ...Object.entries(Conditions).map(([id, value]) => ({ path: `Conditions.${id}`, value })),
  ];
  const found = places.flatMap((place) => checkPlace(place, document, schemas));
  return [...found, ...unused(document), ...circles(Resources), ...checkDefaults(Parameters)];
}

type Place = { path: string; value: unknown; Condition?: string; DependsOn?: unknown };

function checkPlace(place: Place, document: Document, schemas: Map<string, Schema>): string[] {
  const { path, value, Condition, DependsOn } = place;
  const { parameters, attributes, conditions } = referencesIn(value);
  const { Parameters = {}, Conditions = {}, Resources } = document;
  const lacking = (names: string[], known: string[], what: string) =>
    names.filter((name) => !known.includes(name)).map((name) => `${path}: there is no ${what} ${name}`);
  return [
    ...lacking(parameters, [...PSEUDO, ...Object.keys(Parameters), ...Object.keys(Resources)], 'parameter'),
    ...lacking([...conditions, Condition ?? []].flat(), Object.keys(Conditions), 'condition'),
    ...lacking([DependsOn ?? []].flat().map(String), Object.keys(Resources), 'resource'),
    ...lacking(functionsIn(value), FUNCTIONS, 'function'),
    ...noValueItems(value).map((finding) => `${path}: ${finding}`),
    ...attributes.flatMap((one) => checkAttribute(one, place, { Resources, schemas })),
  ];
}

type Known = { Resources: Document['Resources']; schemas: Map<string, Schema> };

function checkAttribute(
  [id, attribute, given]: References['attributes'][number],
  { path, Condition }: Place,
  { Resources, schemas }: Known,
): string[] {
  const resource = Resources[id];
  if (!resource) return [`${path}: there is no resource ${id}`];
  if (!schemas.get(resource.Type)?.attributes.includes(attribute))
    return [`${path}: ${id} has no ${attribute}`];
  const holding = [undefined, Condition, ...given];
  if (holding.includes(resource.Condition)) return [];
  return [`${path}: ${id} is there on the condition ${resource.Condition} only`];
}

function functionsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value).filter((name) => name.startsWith('Fn::'));
  return [...own, ...Object.values(value).flatMap(functionsIn)];
}

/** ROS docs, "Pseudo parameters": it takes a property away. Nothing says what it makes of an item of a list. */
function noValueItems(value: unknown, isItem = false): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => noValueItems(item, true));
  if (typeof value !== 'object' || value === null) return [];
  const [[name, argument] = ['', undefined]] = Object.entries(value);
  if (name === 'Ref' && argument === 'ALIYUN::NoValue') return isItem ? [NO_VALUE_ITEM] : [];
  if (name !== 'Fn::If' || !Array.isArray(argument)) {
    return Object.values(value).flatMap((one) => noValueItems(one));
  }
  return argument.slice(1).flatMap((one) => noValueItems(one, isItem));
}

function unused({ Parameters = {}, Conditions = {}, Resources, Outputs = {} }: Document): string[] {
  const all = referencesIn([Resources, Outputs, Conditions]);
  const gates = Object.values(Resources).map(({ Condition }) => Condition);
  const text = JSON.stringify(Object.values(Conditions));
  const isNamed = (condition: string) =>
    all.conditions.includes(condition) || gates.includes(condition) || text.includes(`"${condition}"`);
  return [
    ...Object.keys(Parameters)
      .filter((name) => !all.parameters.includes(name))
      .map((name) => `Parameters.${name}: nothing asks for it`),
    ...Object.keys(Conditions)
      .filter((name) => !isNamed(name))
      .map((name) => `Conditions.${name}: nothing asks for it`),
  ];
}

function circles(resources: Record<string, ResourceDeclaration>): string[] {
  const depending = Object.entries(resources).map(([id, { DependsOn, Properties }]) => {
    const named = referencesIn(Properties).attributes.map(([other]) => other);
    const dependsOn = [...[DependsOn ?? []].flat().map(String), ...named];
    return [id, { dependsOn }] as const;
  });
  try {
    inOrder(new Map(depending));
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

function checkDefaults(parameters: NonNullable<Document['Parameters']>): string[] {
  return Object.entries(parameters).flatMap(([name, { AllowedPattern, Default }]) => {
    if (Default === undefined) return [];
    if (typeof Default !== 'string') return [`Parameters.${name}: its default is not a text`];
    const fits = AllowedPattern === undefined || new RegExp(AllowedPattern).test(Default);
    return fits ? [] : [`Parameters.${name}: its default does not fit its pattern`];
  });
}
