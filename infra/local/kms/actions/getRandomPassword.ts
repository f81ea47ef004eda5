import { randomInt } from 'node:crypto';
import { action } from '../store/action';
import { invalidParameter } from '../wire/errors';
import { trueOrFalse, wholeNumber } from '../wire/typed-parameters';

const TYPES = {
  ExcludeLowercase: 'abcdefghijklmnopqrstuvwxyz',
  ExcludeUppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ExcludeNumbers: '0123456789',
  ExcludePunctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};
type Excluded = Partial<Record<keyof typeof TYPES | 'ExcludeCharacters', string>>;

/** 8 to 128 characters, 32 unless given; one of every type that is left, unless RequireEachIncludedType is false. */
export const getRandomPassword = action({
  required: [],
  optional: [
    ...(Object.keys(TYPES) as (keyof typeof TYPES)[]),
    ...(['ExcludeCharacters', 'PasswordLength', 'RequireEachIncludedType'] as const),
  ],
  async run(_, { PasswordLength = '32', RequireEachIncludedType = 'true', ...excluded }) {
    const length = wholeNumber('PasswordLength', PasswordLength, { min: 8, max: 128 });
    const types = includedTypes(excluded);
    const needed = trueOrFalse('RequireEachIncludedType', RequireEachIncludedType) ? types.map(oneOf) : [];
    const rest = Array.from({ length: length - needed.length }, () => oneOf(types.join('')));
    return { RandomPassword: shuffled([...needed, ...rest]).join('') };
  },
});

function includedTypes({ ExcludeCharacters = '', ...excluded }: Excluded): string[] {
  const names = Object.keys(TYPES) as (keyof typeof TYPES)[];
  const included = names.filter((name) => !trueOrFalse(name, excluded[name] ?? 'false'));
  const left = included.map((name) =>
    [...TYPES[name]].filter((one) => !ExcludeCharacters.includes(one)).join(''),
  );
  const types = left.filter((type) => type !== '');
  if (types.length === 0) throw invalidParameter('ExcludeCharacters', 'No character is left.');
  return types;
}

function oneOf(characters: string): string {
  return characters[randomInt(characters.length)] ?? '';
}

function shuffled(characters: string[]): string[] {
  const left = [...characters];
  return characters.map(() => left.splice(randomInt(left.length), 1)[0] ?? '');
}
