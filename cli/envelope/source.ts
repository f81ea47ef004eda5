import { STDOUT } from '../files/deliver';
import { fileInput } from '../files/input';
import { isLocation, type Location, readVersionLocation } from '../files/location';
import { namedInput } from '../files/named-input';
import type { FormatInput } from '../formats/format';
import type { Work } from '../session/run';
import { placeOfFile } from './place';
import { objectAt } from './sealed-object';

/** What an operator named, and the place that an envelope of that name belongs to. The caller closes the input. */
export type Source = { input: FormatInput; place: Location };

/** A file, or `oss://bucket/key[?versionId=…]`. Only an object needs a session. Throws as `fileInput` and `objectAt`. */
export async function namedSource({ session }: Pick<Work, 'session'>, text: string): Promise<Source> {
  if (!isLocation(text)) {
    const input = await fileInput(text);
    return { input, place: placeOfFile(input.name) };
  }
  const { bucket, key, versionId } = readVersionLocation(text);
  return { input: await objectAt(await session(), { bucket, key, versionId }), place: { bucket, key } };
}

/** The same where the place does not matter; with - standard input, kept aside. */
export async function inputOf(
  work: Pick<Work, 'session' | 'interrupted'>,
  text: string,
): Promise<FormatInput> {
  return text === STDOUT ? namedInput(text, work.interrupted) : (await namedSource(work, text)).input;
}
