/** What `read` returns; what it throws in one line, followed by how the program is used. */
export function parse<T>(read: () => T, usage: string): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${(error as Error).message.split('. ')[0]}\n${usage}`);
  }
}

/** The first of the ports that so many services take side by side; undefined where none is given. */
export function firstPort(text: string | undefined, services: number): number | undefined {
  if (text === undefined) return undefined;
  const [port, last] = [Number(text), 65_536 - services];
  if (/^\d{1,5}$/.test(text) && port > 0 && port <= last) return port;
  throw new Error(`Cannot listen on port ${text}: give a number from 1 to ${last}`);
}
