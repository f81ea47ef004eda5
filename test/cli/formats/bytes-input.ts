import type { Format, FormatInput, FormatTools } from '../../../cli/formats/format';

/** Bytes as a file, or with metadata as an object; given in pieces of `piece` bytes. */
export function inputOf(bytes: Buffer, userMetadata?: Record<string, string>, piece = 65_536): FormatInput {
  return {
    name: 'given',
    size: bytes.length,
    modifiedAt: new Date(0),
    async *read({ from, to }) {
      for (let at = from; at < to; at += piece) yield bytes.subarray(at, Math.min(to, at + piece));
    },
    close: async () => {},
    ...(userMetadata && { userMetadata: new Map(Object.entries(userMetadata)) }),
  };
}

/** The whole plaintext. */
export async function opened(format: Format, input: FormatInput, tools: FormatTools): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of format.open(input, tools)) pieces.push(piece);
  return Buffer.concat(pieces);
}

export type Refused = { code: string; released: number; message: string };

/** How opening failed, and how many bytes had come by then. */
export async function refused(format: Format, input: FormatInput, tools: FormatTools): Promise<Refused> {
  let released = 0;
  try {
    for await (const piece of format.open(input, tools)) released += piece.length;
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    return { code, released, message };
  }
  return { code: 'opened', released, message: '' };
}
