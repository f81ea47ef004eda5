/** Ctrl-C is heard from the start, also where it is acted on later only; a second one ends the process at once. */
export function interrupted(): Promise<number> {
  return new Promise((done) => {
    const stop = () => {
      // What is under way fails now, and would say so, connection by connection.
      process.stdout.write = process.stderr.write = () => true;
      done(130);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  });
}
