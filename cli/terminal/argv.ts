import { readFileSync } from 'node:fs';
import { utf8 } from '../../functions/characters';
import { Failure } from './failure';

/** Node has put U+FFFD for what is not UTF-8: two files could be one name then. Throws `usage-wrong`. */
export function checkArguments(): void {
  if (!process.argv.some((argument) => argument.includes('\ufffd'))) return;
  const wrong = given()?.findIndex((argument) => utf8(Buffer.from(argument, 'latin1')) === undefined) ?? -1;
  if (wrong < 0) return;
  throw new Failure('usage-wrong', `Cannot read argument ${wrong + 1}: it is not UTF-8`, {
    todo: 'rename the file, or give its content by a pipe, as -',
  });
}

/** As Latin-1, without those of Node; undefined where the system does not tell, which takes no other names than UTF-8 then. */
function given(): string[] | undefined {
  try {
    const all = readFileSync('/proc/self/cmdline', 'latin1').split('\0').slice(0, -1);
    return all.slice(-(process.argv.length - 2));
  } catch {
    return undefined;
  }
}
