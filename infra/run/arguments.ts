/** What `read` returns; what it throws in one line, followed by how the program is used. `--help` tells that and ends it. */
export function parseArguments<T>(read: () => T, usage: string): T {
  const [given] = process.argv.slice(2).join('\0').split('\0--\0');
  if (given?.split('\0').some((argument) => /^(--help|-h)$/.test(argument))) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  try {
    return read();
  } catch (error) {
    const why = (error as Error).message.split('. ')[0] ?? '';
    const isOurs = why.startsWith('Cannot ');
    throw new Error(`${isOurs ? why : `Cannot understand the command line: ${lowerFirst(why)}`}\n${usage}`);
  }
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** As `parseArgs` gave them. Throws where an option was given an empty value. */
export function refuseEmpty<T extends { values: object }>(parsed: T): T {
  for (const [name, value] of Object.entries(parsed.values)) {
    if ([value].flat().includes('')) throw new Error(`Option '--${name}' is empty`);
  }
  return parsed;
}

/** The first of the ports that so many services take side by side; undefined where none is given. */
export function firstPort(text: string | undefined, services: number): number | undefined {
  if (text === undefined) return undefined;
  const [port, last] = [Number(text), 65_536 - services];
  if (!/^\d{1,5}$/.test(text) || port === 0 || port > last)
    throw new Error(`Cannot listen on port ${text}: give a number from 1 to ${last}`);
  const bad = BAD_PORTS.find((one) => port <= one && one < port + services);
  if (bad === undefined) return port;
  throw new Error(`Cannot listen on port ${bad}: browsers and fetch ask nobody there, so choose another`);
}

/** "Bad ports" of the Fetch standard. */
const BAD_PORTS = [
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080,
];
