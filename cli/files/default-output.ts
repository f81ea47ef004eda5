import { STDOUT } from './deliver';
import { isLocation } from './location';

/** A file's name without the ending that was put to it, standard output for standard input; undefined where nothing tells. */
export function outputFor(file: string, ending: string): string | undefined {
  if (file === STDOUT) return STDOUT;
  const isNamed = file.endsWith(ending) && file.length > ending.length && !file.endsWith(`/${ending}`);
  return isNamed && !isLocation(file) ? file.slice(0, -ending.length) : undefined;
}
