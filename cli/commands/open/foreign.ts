import { inputOf } from '../../envelope/source';
import { checkDestination, deliver, showDestination, showSource } from '../../files/deliver';
import { formatNamed } from '../../formats';
import type { Format, FormatName } from '../../formats/format';
import { formatToolsOf } from '../../formats/format-tools';
import { readKeyFile } from '../../formats/key-file';
import { tellSkipped } from '../../formats/text';
import type { Work } from '../../session/run';
import { Failure } from '../../terminal/failure';
import { humanBytes } from '../../terminal/human';
import type { Wanted } from './wanted';

/** Opens what others wrote. What nothing vouches for is opened for whoever accepts that, and labelled. */
export async function openForeign(
  work: Work,
  file: string,
  { format: name, acceptUnauthenticated, ...wanted }: Wanted & { format: FormatName },
): Promise<void> {
  const format = named(name);
  await checkDestination(wanted);
  const skipped = new Set<string>();
  const wrappedKey = await readKeyFile(work, { ...wanted, format: name, others: [file] }, skipped);
  const input = await inputOf(work, file);
  try {
    const authenticated = await format.isAuthenticated(input);
    if (!authenticated && !acceptUnauthenticated) throw unauthenticated(file, format);
    const tools = { ...formatToolsOf(await work.session(), wanted.trustKey), wrappedKey, skipped };
    const content = format.open(input, tools);
    const bytes = await deliver(work, content, { ...wanted, label: 'open', total: undefined });
    const item = { file, output: wanted.path, format: name, bytes, authenticated };
    work.output.item({ ...item, ...tellSkipped(work.output, showSource(file), skipped) });
    work.output.say(
      `opened ${showSource(file)} as ${name}, ${humanBytes(bytes)}, ${showDestination(wanted.path)}`,
    );
    if (!authenticated) {
      const label = work.output.styled('yellow', 'UNAUTHENTICATED:');
      work.output.say(`${label} nothing proves that these bytes are what was written`);
    }
  } finally {
    await input.close();
  }
}

function named(name: FormatName): Format {
  const format = formatNamed(name);
  if (format) return format;
  throw new Failure('format-unknown', `Cannot open as ${name}: this version does not read it`);
}

function unauthenticated(file: string, { name }: Format): Failure {
  return new Failure(
    'unauthenticated',
    `Cannot open ${showSource(file)}: nothing in this ${name} proves that it is what was written`,
  );
}
