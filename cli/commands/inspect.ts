import { Command } from '@commander-js/extra-typings';
import { PREAMBLE } from '../../functions/envelope/header';
import { beginsLikeEnvelope, type Looked, lookAt } from '../envelope/look-at';
import { inputOf } from '../envelope/source';
import { showLocation } from '../files/location';
import { recognise } from '../formats';
import type { FormatInput } from '../formats/format';
import { run, type Work } from '../session/run';
import { Failure } from '../terminal/failure';
import { humanBytes } from '../terminal/human';
import type { Output } from '../terminal/output';
import { shown } from '../terminal/shown';

export function inspectCommand() {
  return new Command('inspect')
    .description('what the header of an envelope says, or what a file may be; KMS is not asked')
    .argument('<file>', 'a file, - for standard input, or oss://bucket/key[?versionId=ID]')
    .addHelpText('after', '\nExample:\n  oss-envelope inspect report.pdf.sealed')
    .action((file, _, command) => run(command, (work) => inspect(work, file)));
}

async function inspect(work: Work, file: string): Promise<void> {
  const input = await inputOf(work, file);
  try {
    if (await isEnvelope(input)) tellEnvelope(work.output, file, input, await lookAt(input));
    else await tellOther(work.output, file, input);
  } finally {
    await input.close();
  }
}

/** Whole or cut off. A few bytes may begin like one by chance: they are one only where nothing says that they are another's. */
async function isEnvelope(input: FormatInput): Promise<boolean> {
  const start: Buffer[] = [];
  for await (const piece of input.read({ from: 0, to: Math.min(PREAMBLE, input.size) })) start.push(piece);
  if (!beginsLikeEnvelope(Buffer.concat(start))) return false;
  return input.size >= PREAMBLE || (await recognise(input)).length === 0;
}

function tellEnvelope(output: Output, file: string, { size }: FormatInput, { header }: Looked): void {
  const { facts, wrappedKeys, length, metadata } = header;
  const place = showLocation(facts.vault);
  const keys = wrappedKeys.map(({ provider, region, keyArn, keyVersionId }) => ({
    provider,
    region,
    keyArn,
    keyVersionId,
  }));
  output.item({
    file,
    format: 'oss-envelope/1',
    opensOnlyAs: place,
    facts,
    wrappedKeys: keys,
    headerBytes: length,
    sealedMetadataBytes: metadata.length,
    envelopeBytes: size,
  });
  const { inbox } = facts;
  const lines = [
    [
      'envelope',
      `oss-envelope/1, ${facts.algorithm}, ${humanBytes(size)}, of that ${length} bytes of header`,
    ],
    ['opens as', `${place}, and only so`],
    [
      'made of',
      `${showLocation(inbox)}, ${humanBytes(inbox.size)} (${inbox.size}), of ${inbox.lastModified}`,
    ],
    ['', `eTag ${inbox.eTag}, version ${inbox.versionId}`],
    ['sealed at', facts.sealedAt],
    ['metadata', `${metadata.length} sealed bytes`],
    ...keys.map(({ keyArn, region, keyVersionId }) => [
      'key',
      `${keyArn} (${region}), its version ${keyVersionId}`,
    ]),
  ];
  for (const [name = '', value = ''] of lines) output.say(`${name.padEnd(10)} ${shown(value)}`);
}

/** Every format that it may be, the surest first. */
async function tellOther(output: Output, file: string, input: FormatInput): Promise<void> {
  const found = await recognise(input);
  if (found.length === 0) {
    throw new Failure('format-unknown', `Cannot tell what ${file} is: no known format is like it`, {
      todo: 'look at its beginning: head -c 64 | xxd',
    });
  }
  for (const { format, recognition } of found) {
    const { sureness, why, facts } = recognition;
    output.item({ file, format: format.name, title: format.title, sureness, why, facts });
    output.say(`${sureness.padEnd(10)} ${format.name}: ${format.title}`);
    output.say(`${' '.repeat(10)} because ${shown(why)}`);
    for (const [name, value] of Object.entries(facts)) {
      output.say(`${' '.repeat(10)} ${shown(`${name}: ${value}`)}`);
    }
  }
}
