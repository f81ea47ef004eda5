import type { IncomingHttpHeaders } from 'node:http';

/** One call of the local cloud, as a test or an injected fault sees it. Secrets are left out. */
export type Call = {
  service: 'oss' | 'kms' | 'fc' | 'mns' | 'sts';
  /** The API's own name, for example `UploadPart` or `GenerateDataKey`; `Unknown` where there is none to be read. */
  operation: string;
  bucket?: string;
  key?: string;
  /** Of Function Compute. */
  functionName?: string;
  /** Of MNS. */
  queue?: string;
  query: Record<string, string>;
  /** Lower-case names, without authorization and security tokens. */
  headers: Record<string, string>;
  /** The caller's arn; empty where nobody was recognised. */
  principal: string;
};

/** A request's headers as a Call shows them. */
export function shownHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const shown = Object.entries(headers).filter(([name]) => !/^authorization$|security-token/.test(name));
  return Object.fromEntries(shown.map(([name, value]) => [name, String(value)]));
}

/** A refusal to answer with, in the service's own shape; status and message are the service's unless given. */
export type InjectedError = { code: string; status?: number; message?: string };

/** What a hook does to a request beside throwing. */
export type Effect = {
  error?: InjectedError;
  /** The connection is lost after this many bytes of the answer's body; a shorter body arrives whole. */
  cutBodyAt?: number;
};

/** What came of a request. */
export type Outcome = {
  /** Of HTTP; 0 when the answer was lost. */
  status: number;
  /** The error's. */
  code?: string;
  /** Milliseconds of real time until the last of the answer was to be written. */
  ms: number;
  /** Of OSS: the version that the answer names. */
  versionId?: string;
};

export type Hook = (call: Call) => Effect | undefined | void | Promise<void> | Promise<Effect | undefined>;

/**
 * `before` runs once a request is let in: throwing a Refusal there makes the request fail with it before anything is
 * applied, any other error loses the connection. `after` runs once the operation is applied and before the answer is
 * written: throwing there loses the answer. Both may return an Effect instead. `done` runs once for every request, also
 * one that was refused before the others ran, and before the client has the whole answer.
 */
export type Hooks = {
  before?: Hook;
  after?: Hook;
  done?: (call: Call, outcome: Outcome) => void;
};

/** Hooks that run one after the other; of two effects of one kind the later one holds. */
export function composed(...all: Hooks[]): Required<Hooks> {
  const run = (phase: 'before' | 'after') => async (call: Call) => {
    const effect: Effect = {};
    for (const hooks of all) Object.assign(effect, await effectOf(hooks[phase], call));
    return effect;
  };
  const done: Hooks['done'] = (call, outcome) => {
    for (const hooks of all) hooks.done?.(call, outcome);
  };
  return { before: run('before'), after: run('after'), done };
}

/** Runs a hook; its effect, an empty one where there is neither. Rejects with what the hook throws. */
export async function effectOf(hook: Hook | undefined, call: Call): Promise<Effect> {
  return (await hook?.(call)) ?? {};
}
