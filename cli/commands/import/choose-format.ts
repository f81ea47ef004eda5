import { createInterface } from 'node:readline/promises';
import { PREAMBLE } from '../../../functions/envelope/header';
import { beginsLikeEnvelope } from '../../envelope/look-at';
import { formatNamed, recognise } from '../../formats';
import type { Format, FormatInput, FormatName } from '../../formats/format';
import { Failure } from '../../terminal/failure';
import { shown } from '../../terminal/shown';

/** Puts a question that is answered by yes or no. */
export type Confirm = (question: string) => Promise<boolean>;

export type ChooseFormat = (input: FormatInput, name: string) => Promise<Format>;

/**
 * The format that the operator names; without one the one that is recognised for certain, or that the operator confirms, once
 * for all that look like it. `confirm` is undefined where nobody can be asked. Throws `format-unknown`.
 */
export function createChooseFormat(
  named: FormatName | undefined,
  confirm: Confirm | undefined,
): ChooseFormat {
  const answers = new Map<FormatName, Promise<boolean>>();
  let asked: Promise<unknown> = Promise.resolve();
  /** One question at a time. */
  function ask(name: FormatName, question: string): Promise<boolean> {
    const known = answers.get(name);
    if (known || !confirm) return known ?? Promise.resolve(false);
    const answer = asked.then(() => confirm(question));
    answers.set(name, answer);
    asked = answer.catch(() => {});
    return answer;
  }
  return async (input, name) => {
    if (named !== undefined) return byName(named);
    const found = await recognise(input);
    const [first, second] = found;
    if (!first) throw await unrecognised(input, name);
    const { format, recognition } = first;
    if (recognition.sureness === 'certain' && second?.recognition.sureness !== 'certain') return format;
    const question = `${shown(name)} looks like ${format.name} (${recognition.sureness}: ${shown(recognition.why)}). Take it, and all that look like it, for that?`;
    if (await ask(format.name, question)) return format;
    throw uncertain(name, found);
  };
}

/** Asks on the terminal, where there is one. */
export function terminalConfirm(interrupted: AbortSignal): Confirm | undefined {
  const { stdin: input, stderr: output } = process;
  if (!input.isTTY || !output.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input, output, terminal: false });
    try {
      return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal: interrupted })).trim());
    } finally {
      lines.close();
    }
  };
}

function byName(name: FormatName): Format {
  const format = formatNamed(name);
  if (format) return format;
  throw new Failure('format-unknown', `Cannot import as ${name}: this version does not read it`);
}

async function unrecognised(input: FormatInput, name: string): Promise<Failure> {
  let isEnvelope = false;
  for await (const piece of input.read({ from: 0, to: Math.min(input.size, PREAMBLE) }))
    isEnvelope ||= beginsLikeEnvelope(piece);
  if (!isEnvelope) return new Failure('format-unknown', `Cannot import ${name}: it looks like no format`);
  return new Failure('format-unknown', `Cannot import ${name}: it is an envelope already`, {
    todo: 'open it with oss-envelope open, and put what it holds into the inbox',
  });
}

type Found = Awaited<ReturnType<typeof recognise>>;

function uncertain(name: string, found: Found): Failure {
  const seen = found.map(
    ({ format, recognition: { sureness, why } }) => `${format.name} (${sureness}: ${why})`,
  );
  return new Failure('format-unknown', `Cannot import ${name}: it may be ${seen.join(' or ')}`, {
    todo: `if it is, say --format ${found[0]?.format.name}`,
  });
}
