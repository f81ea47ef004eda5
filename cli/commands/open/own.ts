import { PREAMBLE } from '../../../functions/envelope/header';
import { type Looked, lookAt, type Sealed } from '../../envelope/look-at';
import { openSealed } from '../../envelope/open-sealed';
import { checkPlace } from '../../envelope/place';
import { sealedStream } from '../../envelope/sealed-stream';
import { namedSource } from '../../envelope/source';
import { checkDestination, deliver, STDOUT, showDestination, showSource } from '../../files/deliver';
import { type Location, readObjectLocation, showLocation } from '../../files/location';
import { readStdin } from '../../files/stdin';
import { recognise } from '../../formats';
import type { Format, Recognition } from '../../formats/format';
import type { Work } from '../../session/run';
import { asFailure, Failure } from '../../terminal/failure';
import { humanBytes } from '../../terminal/human';
import type { Wanted } from './wanted';

/** Opens an envelope of ours. What is none is named, with the way to open it. */
export async function openOwn(work: Work, file: string, wanted: Wanted): Promise<void> {
  try {
    await checkDestination(wanted);
    await openFrom(work, file, wanted);
  } catch (error) {
    throw unopened(error, file);
  }
}

async function openFrom(work: Work, file: string, wanted: Wanted): Promise<void> {
  const { sealed, looked, place, close } = await (file === STDOUT ? fromPipe(work) : fromSource(work, file));
  try {
    const { header } = looked;
    checkPlace(header, wanted.place === undefined ? place : readObjectLocation(wanted.place));
    const session = await work.session();
    const { keyArn, kmsRequestId, chunks } = await openSealed(session, sealed, looked, wanted.trustKey);
    const total = header.facts.inbox.size;
    const bytes = await deliver(work, chunks(), { ...wanted, label: 'open', total });
    const { facts } = header;
    const said = { file, output: wanted.path, place: showLocation(facts.vault), bytes };
    work.output.item({ ...said, authenticated: true, sealedAt: facts.sealedAt, keyArn, kmsRequestId });
    work.output.say(`opened ${showSource(file)}, ${humanBytes(bytes)}, ${showDestination(wanted.path)}`);
  } finally {
    await close();
  }
}

type Opened = { sealed: Sealed; looked: Looked; place: Location | undefined; close: () => Promise<void> };

async function fromPipe({ interrupted }: Work): Promise<Opened> {
  const stream = await sealedStream(readStdin(interrupted), 'standard input');
  return { ...stream, place: undefined, close: async () => {} };
}

async function fromSource(work: Work, file: string): Promise<Opened> {
  const { input, place } = await namedSource(work, file);
  const { close } = input;
  try {
    const looked = await lookAt(input).catch(async (error) => {
      const isShort = input.size < PREAMBLE;
      if (asFailure(error).code !== 'format-unknown' && !isShort) throw error;
      throw otherFormat(file, (await recognise(input))[0]) ?? error;
    });
    return { sealed: input, looked, place, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function otherFormat(
  file: string,
  found: { format: Format; recognition: Recognition } | undefined,
): Failure | undefined {
  if (!found) return undefined;
  const { format, recognition } = found;
  const what = `${recognition.sureness === 'certain' ? 'it is' : 'it may be'} ${format.title}`;
  return new Failure('format-unknown', `Cannot open ${file}: it is no envelope of ours, ${what}`, {
    todo: `if that is what it is: oss-envelope open --format ${format.name}`,
    detail: `${recognition.sureness}: ${recognition.why}`,
  });
}

/** Mute about the reason, but for the check that failed. */
function unopened(error: unknown, file: string): Failure {
  const failure = asFailure(error);
  const { code, message, detail, left } = failure;
  if (code !== 'cannot-open' || message !== 'Cannot open the envelope') return failure;
  return new Failure(code, `Cannot open ${showSource(file)}: it is not what was sealed`, {
    detail,
    ...(left && { left }),
  });
}
