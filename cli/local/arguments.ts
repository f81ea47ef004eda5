/** What `read` returns; what it throws in one line, followed by how the program is used. */
export function parse<T>(read: () => T, usage: string): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${(error as Error).message.split('. ')[0]}\n${usage}`);
  }
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
  if (/^\d{1,5}$/.test(text) && port > 0 && port <= last) return port;
  throw new Error(`Cannot listen on port ${text}: give a number from 1 to ${last}`);
}
