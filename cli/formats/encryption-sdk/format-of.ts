import { Failure } from '../../terminal/failure';
import { textIn } from '../base64';
import type { Format, FormatInput, Recognition } from '../format';
import type { Layout, Message } from './message';
import { ciphersOf, openMessage } from './open-message';

/** The format of one layout. */
export function formatOf(layout: Layout, title: string): Format {
  return {
    name: layout.name,
    title,
    async isAuthenticated(input) {
      const message = await layout.read(input);
      ciphersOf(layout, message);
      return message.algorithm.tagBytes > 0;
    },
    recognise: (input) => recognise(layout, input),
    async plaintextSize(input) {
      const { algorithm, ciphertext } = await layout.read(input);
      return algorithm.isPadded ? undefined : ciphertext.to - ciphertext.from;
    },
    open: (input, tools) => openMessage(layout, input, tools),
  };
}

async function recognise(layout: Layout, input: FormatInput): Promise<Recognition | undefined> {
  try {
    return recognised(await layout.read(input));
  } catch (error) {
    const code = error instanceof Failure ? error.code : undefined;
    if (code === 'format-wrong') return undefined;
    if (code === 'input-truncated') return recogniseBegin(layout, input);
    throw error;
  }
}

async function recogniseBegin({ begin }: Layout, input: FormatInput): Promise<Recognition | undefined> {
  const bytes = await textIn(input, { from: 0, to: Math.min(input.size, 32) });
  if (!begin.test(Buffer.from(bytes, 'latin1').toString('hex'))) return undefined;
  const why = `it begins as one of version 1, but ends after ${input.size} bytes`;
  return { sureness: 'likely', why, facts: {} };
}

function recognised(message: Message): Recognition {
  const { algorithm, dataKeys, context, ciphertext } = message;
  const entries = context.map(({ key, value }) => [key.toString('utf8'), value.toString('utf8')]);
  const unreadable = algorithm.ciphers
    ? ''
    : '; Node has no SM4-GCM to check its header with: not opened here';
  return {
    sureness: 'certain',
    why: `version 1, every length as it should be, a header tag${unreadable}`,
    facts: {
      algorithm: algorithm.name,
      keys: dataKeys.map(({ key }) => key.toString('latin1')).join(', '),
      ...(entries.length > 0 && { context: JSON.stringify(Object.fromEntries(entries)) }),
      ciphertextBytes: ciphertext.to - ciphertext.from,
    },
  };
}
