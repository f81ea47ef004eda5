import { unwritable } from '../files/output';
import { asFailure, type Failure } from './failure';

const NAMES = new Map<NodeJS.WriteStream, string>([
  [process.stdout, 'standard output'],
  [process.stderr, 'standard error'],
]);
const broken = new Map<NodeJS.WriteStream, Failure>();

/** Hears of what standard output and standard error cannot take, from now on. */
export function watchStandard(): void {
  for (const [stream, name] of NAMES)
    stream.on('error', (error) => {
      if (!broken.has(stream)) broken.set(stream, told(error, name));
    });
}

function told(error: Error, name: string): Failure {
  try {
    return unwritable(`write to ${name}`)(error);
  } catch (failure) {
    return asFailure(failure);
  }
}

/** Why nothing more can be said there: `pipe-broken`, `disk-full`, `file-unwritable`. */
export function failureOf(stream: NodeJS.WriteStream): Failure | undefined {
  return broken.get(stream);
}

/** Returns when all that was said has been written, with why some of it was not. Whoever reads no errors gets none. */
export async function unwritten(): Promise<Failure | undefined> {
  for (const stream of NAMES.keys()) await new Promise((done) => stream.write('', done));
  const [out, error] = [failureOf(process.stdout), failureOf(process.stderr)];
  return out ?? (error?.code === 'pipe-broken' ? undefined : error);
}
