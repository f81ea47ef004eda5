import { aesSiv } from './aes-siv';
import { encryptionSdk } from './encryption-sdk';
import { encryptionSdkStream } from './encryption-sdk-stream';
import { envelopeCbc } from './envelope-cbc';
import { envelopeGcm } from './envelope-gcm';
import type { Format, FormatInput, FormatName, Recognition } from './format';
import { kms } from './kms';
import { kmsSample } from './kms-sample';
import { ossCse } from './oss-cse';

/** Every format that others wrote and this reads. */
const formats: Format[] = [
  kmsSample,
  envelopeCbc,
  envelopeGcm,
  encryptionSdk,
  encryptionSdkStream,
  ossCse,
  aesSiv,
  kms,
];

export function formatNamed(name: FormatName): Format | undefined {
  return formats.find((format) => format.name === name);
}

/** What an input may be, the surest first; beside what is certain, nothing that is merely possible. */
export async function recognise(input: FormatInput): Promise<{ format: Format; recognition: Recognition }[]> {
  const found: { format: Format; recognition: Recognition }[] = [];
  for (const format of formats) {
    const recognition = await format.recognise(input);
    if (recognition) found.push({ format, recognition });
  }
  const order = ['certain', 'likely', 'possible'];
  const isCertain = found.some(({ recognition }) => recognition.sureness === 'certain');
  const kept = found.filter(({ recognition }) => !isCertain || recognition.sureness !== 'possible');
  return kept.sort((a, b) => order.indexOf(a.recognition.sureness) - order.indexOf(b.recognition.sureness));
}
