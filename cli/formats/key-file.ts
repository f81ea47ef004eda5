import { collect } from '../../functions/cloud/pieces';
import { inputOf } from '../envelope/source';
import { STDOUT, showSource } from '../files/deliver';
import type { Work } from '../session/run';
import { Failure } from '../terminal/failure';
import type { FormatName } from './format';
import { keyFileMissing } from './refusals';
import { readBlob, TEXT_MAX } from './wrapped-key';

/** `wrappedKey`: the value of --wrapped-key, a file, an object, or - for standard input. */
type Asked = { wrappedKey?: string | undefined; format?: FormatName | undefined };

/** Throws `usage-wrong` where the format holds its own data key, or needs one that is not named. */
export function checkKeyFile({ wrappedKey, format }: Asked): void {
  if (format === 'aes-siv' && wrappedKey === undefined) throw keyFileMissing(format);
  if (format === 'aes-siv' || wrappedKey === undefined) return;
  const why = format ? `${format} holds its own` : 'no format is named';
  throw new Failure('usage-wrong', `Cannot use --wrapped-key: ${why}`, {
    todo: 'it goes with --format aes-siv, and with no other',
  });
}

/**
 * The wrapped data key that is named, as `readBlob` reads it; undefined where none is. `others`: what else is read. Throws as
 * `checkKeyFile`, `readBlob` and `inputOf`.
 */
export async function readKeyFile(
  work: Pick<Work, 'session' | 'interrupted'>,
  { others, ...asked }: Asked & { others: (string | undefined)[] },
  skipped: Set<string>,
): Promise<string | undefined> {
  checkKeyFile(asked);
  const { wrappedKey: file } = asked;
  if (file === undefined) return undefined;
  if (file === STDOUT && others.includes(STDOUT))
    throw new Failure('usage-wrong', 'Cannot read two things from standard input: name a file for one');
  const input = await inputOf(work, file);
  try {
    const [what, passedOver] = [`the wrapped key in ${showSource(file)}`, new Set<string>()];
    if (input.size > TEXT_MAX)
      throw new Failure('format-wrong', `Cannot read ${what}: it has more than ${TEXT_MAX} bytes`);
    const blob = readBlob(await collect(input.read({ from: 0, to: input.size })), what, passedOver);
    for (const name of passedOver) skipped.add(`${name} in ${showSource(file)}`);
    return blob;
  } finally {
    await input.close();
  }
}
