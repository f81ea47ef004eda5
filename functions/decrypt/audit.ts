import { asFault } from '../fault';
import { log, logFault, loggedKey } from '../log';
import type { LogKeys } from '../variable-checks';

type Fields = Record<string, string | number | boolean | undefined>;

export type Audit = {
  /** Adds to the line. */
  note(fields: Fields): void;
  /** Runs a request, then writes its one line: where something was noted as its outcome, or it failed. */
  run<T>(work: () => Promise<T>): Promise<T>;
};

/** `about`: what stands in every line of this request, read when it has ended. */
export function createAudit(about: () => Fields, logKeys: LogKeys): Audit {
  const noted: Fields = {};
  const fields = () => {
    const { outcome: _, key, ...rest } = noted;
    return { ...(key !== undefined && { key: loggedKey(String(key), logKeys) }), ...rest, ...about() };
  };
  return {
    note: (added) => {
      Object.assign(noted, added);
    },
    async run(work) {
      try {
        const result = await work();
        if (noted.outcome !== undefined) log(String(noted.outcome), fields());
        return result;
      } catch (error) {
        logFault(error, fields(), logKeys);
        throw asFault(error);
      }
    },
  };
}
