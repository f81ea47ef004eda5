import type { Format, FormatInput, FormatName, Recognition } from './format';

/** Every format that others wrote and this reads. */
export const formats: Format[] = [];

export function formatNamed(name: FormatName): Format | undefined {
  return formats.find((format) => format.name === name);
}

/** What an input may be, the surest first. */
export async function recognise(input: FormatInput): Promise<{ format: Format; recognition: Recognition }[]> {
  const found: { format: Format; recognition: Recognition }[] = [];
  for (const format of formats) {
    const recognition = await format.recognise(input);
    if (recognition) found.push({ format, recognition });
  }
  const order = ['certain', 'likely', 'possible'];
  return found.sort((a, b) => order.indexOf(a.recognition.sureness) - order.indexOf(b.recognition.sureness));
}
