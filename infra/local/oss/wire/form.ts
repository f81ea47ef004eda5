import { OssError } from './errors';
import { headerText } from './header-text';

/** A form of a PostObject: its fields up to `file`, by lower-case name, and the file still to be read. */
export type Form = {
  fields: ReadonlyMap<string, string>;
  fileName: string;
  /** Of the file, where the form says so. */
  fileType: string | undefined;
  /** Reading on throws MalformedPOSTRequest when the body ends early, or goes on after the file. */
  file: AsyncIterable<Buffer>;
};

// Fields hold a policy, a token and 8 KB of metadata at most.
const mostBytesOfFields = 128 * 1024;
const headEnd = Buffer.from('\r\n\r\n');

/** Reads a multipart/form-data body as far as its file (RFC 7578). Throws MalformedPOSTRequest. */
export async function readForm(body: AsyncIterable<Buffer>, contentType: string): Promise<Form> {
  const boundary = boundaryOf(contentType);
  const reader = createReader(body);
  // The first boundary is one like the others, but for the line break before it.
  reader.unread(Buffer.from('\r\n'));
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  await reader.through(delimiter);
  const fields = new Map<string, string>();
  for (;;) {
    const part = await readPart(reader);
    if (part.name === 'file') return { fields, ...part, file: readFile(reader, delimiter) };
    if (fields.has(part.name)) throw malformed();
    fields.set(part.name, headerText((await reader.through(delimiter)).toString('latin1')));
  }
}

function boundaryOf(contentType: string): string {
  const [, quoted, plain] =
    /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(contentType) ??
    [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw malformed();
  return boundary;
}

async function readPart(
  reader: Reader,
): Promise<{ name: string; fileName: string; fileType: string | undefined }> {
  const afterBoundary = await reader.through(Buffer.from('\r\n'));
  if (afterBoundary.length > 0) throw malformed(); // `--`: the form ends, without a file
  reader.unread(Buffer.from('\r\n'));
  const head = headerText((await reader.through(headEnd)).toString('latin1'));
  const [, name] = /^content-disposition:.*[;\s]name="([^"\r\n]*)"/im.exec(head) ?? [];
  if (name === undefined) throw malformed();
  const [, fileName = ''] = /^content-disposition:.*[;\s]filename="([^"\r\n]*)"/im.exec(head) ?? [];
  const [, fileType] = /^content-type:[ \t]*([^\r\n]+)/im.exec(head) ?? [];
  return { name: name.toLowerCase(), fileName: fileName.replace(/^.*[\\/]/, ''), fileType };
}

type Reader = ReturnType<typeof createReader>;

/** Reads bytes up to a mark, of which more than some must not be kept. */
function createReader(body: AsyncIterable<Buffer>) {
  const source = body[Symbol.asyncIterator]();
  let ahead: Buffer = Buffer.alloc(0);
  let left = mostBytesOfFields;

  async function more(): Promise<boolean> {
    const { done, value } = await source.next();
    if (!done) ahead = Buffer.concat([ahead, value]);
    return !done;
  }

  /** What comes before the mark, which is passed over. */
  async function through(mark: Buffer): Promise<Buffer> {
    let at = ahead.indexOf(mark);
    while (at < 0) {
      if (ahead.length > left || !(await more())) throw malformed();
      at = ahead.indexOf(mark);
    }
    const before = take(at);
    take(mark.length);
    left -= at + mark.length;
    if (left < 0) throw malformed();
    return before;
  }

  function take(length: number): Buffer {
    const taken = ahead.subarray(0, length);
    ahead = ahead.subarray(length);
    return taken;
  }

  function unread(bytes: Buffer): void {
    ahead = Buffer.concat([bytes, ahead]);
  }

  return { through, unread, more, take, ahead: () => ahead };
}

async function* readFile(reader: Reader, delimiter: Buffer): AsyncGenerator<Buffer> {
  let at = reader.ahead().indexOf(delimiter);
  while (at < 0) {
    // The end of what is there may be the beginning of the delimiter.
    const safe = Math.max(reader.ahead().length - delimiter.length, 0);
    if (safe > 0) yield reader.take(safe);
    if (!(await reader.more())) throw malformed();
    at = reader.ahead().indexOf(delimiter);
  }
  if (at > 0) yield reader.take(at);
  reader.take(delimiter.length);
  while (reader.ahead().length < 2 && (await reader.more()));
  if (reader.ahead().subarray(0, 2).toString() !== '--') throw malformed();
  do reader.take(reader.ahead().length);
  while (await reader.more());
}

function malformed(): OssError {
  return new OssError('MalformedPOSTRequest');
}
