/**
 * What is declared and is otherwise in fact, a sentence each: `timeout is 60, not 3600`. Lists are compared without
 * their order; what is not declared is not looked at; false and an empty text are as good as nothing.
 */
export function differences(declared: object, inFact: unknown, path = ''): string[] {
  return Object.entries(declared).flatMap(([name, wanted]: [string, unknown]) => {
    const own = Object(inFact)[name] as unknown;
    const where = path === '' ? name : `${path}.${name}`;
    if (Array.isArray(wanted)) return listDifferences(wanted, own, where);
    if (typeof wanted === 'object' && wanted !== null) return differences(wanted, own, where);
    return plain(wanted) === plain(own) ? [] : [`${where} is ${shown(own)}, not ${shown(wanted)}`];
  });
}

function listDifferences(declared: unknown[], inFact: unknown, where: string): string[] {
  const [wanted, own] = [declared.map(String), [inFact ?? []].flat().map(String)];
  const lacking = wanted.filter((one) => !own.includes(one));
  const more = own.filter((one) => !wanted.includes(one));
  return [
    ...(lacking.length > 0 ? [`${where} lacks ${lacking.join(', ')}`] : []),
    ...(more.length > 0 ? [`${where} has ${more.join(', ')}, too`] : []),
  ];
}

function plain(value: unknown): string {
  return value === undefined || value === false ? '' : String(value);
}

const MOST_CHARACTERS = 200;

function shown(value: unknown): string {
  const text = plain(value);
  if (text === '') return value === false ? 'false' : 'empty';
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
