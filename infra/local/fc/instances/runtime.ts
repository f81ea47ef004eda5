import dns from 'node:dns';
import { existsSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMemorySeen, peakMemory } from './memory';
import { followClock } from './runtime-clock';
import type { ContextFacts, Failure, InvokeMessage, RuntimeMessage, StopMessage } from './runtime-messages';

/**
 * The process of one function instance: FC's nodejs20 as far as a handler can tell. Forked by instance.ts, which
 * sets its environment and its working folder (the code's).
 */
const code = process.env.FC_FUNC_CODE_PATH ?? process.cwd();
let initialized = false;
let cpuTold = 0;

process.on('disconnect', () => process.exit());
process.on('message', (message) => void obey(message as InvokeMessage | StopMessage));
resolveLocalhostNames();
seeOnlyTheCode();
captureOutput();

function obey(message: InvokeMessage | StopMessage): Promise<void> {
  return message.type === 'stop' ? stop(message) : serve(message);
}

async function stop({ handler, context }: StopMessage): Promise<void> {
  try {
    await (await load(handler))(withLogger(context));
  } catch (error) {
    console.error(error);
  }
  report({ type: 'stopped' });
}

async function serve({ event, now, handler, initializer, context }: InvokeMessage): Promise<void> {
  followClock(now);
  const full = withLogger(context);
  let phase: Failure['kind'] = 'InitializationError';
  try {
    if (initializer && !initialized) await (await load(initializer))(full);
    initialized = true;
    report({ type: 'initialized' });
    phase = 'UnhandledInvocationError';
    const handle = await load(handler);
    phase = 'HandledInvocationError';
    const body = toBytes(await handle(Buffer.from(event), full));
    report({ type: 'result', body, maxMemoryBytes: maxMemoryBytes(), cpuMs: cpuMs() });
  } catch (error) {
    report({
      type: 'failure',
      failure: toFailure(error, phase),
      maxMemoryBytes: maxMemoryBytes(),
      cpuMs: cpuMs(),
    });
  }
}

type Handler = (...args: unknown[]) => unknown;

async function load(handler: string): Promise<Handler> {
  const [file = '', method = ''] = handler.split('.');
  const found = (await loadModule(file))[method];
  if (typeof found !== 'function') throw new Error(`Module '${file}' is missing function '${method}'.`);
  return found as Handler;
}

async function loadModule(file: string): Promise<Record<string, unknown>> {
  const [script, esModule] = [join(code, `${file}.js`), join(code, `${file}.mjs`)];
  if (!existsSync(script) && existsSync(esModule)) return import(pathToFileURL(esModule).href);
  try {
    return createRequire(join(code, 'code.js'))(script);
  } catch (error) {
    // A package.json with "type": "module" beside it.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_REQUIRE_ESM') throw error;
    return import(pathToFileURL(script).href);
  }
}

function toBytes(result: unknown): Uint8Array {
  if (result instanceof Uint8Array) return result;
  if (result === undefined) return Buffer.alloc(0);
  return Buffer.from(typeof result === 'string' ? result : JSON.stringify(result));
}

function toFailure(error: unknown, kind: Failure['kind']): Failure {
  if (!(error instanceof Error))
    return { kind, errorType: 'Error', errorMessage: String(error), stackTrace: [] };
  const stackTrace = (error.stack ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
  return { kind, errorType: error.name, errorMessage: error.message, stackTrace };
}

function withLogger(facts: ContextFacts) {
  const { debug, info, warn, error, log } = console;
  return { ...facts, logger: { debug, info, warn, error, log } };
}

function report(message: RuntimeMessage): void {
  process.send?.(message);
}

function maxMemoryBytes(): number {
  return isMemorySeen ? peakMemory('self') : process.resourceUsage().maxRSS * 1024;
}

// A frozen process takes none: what it took since the last answer belongs to this invocation.
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  const before = cpuTold;
  cpuTold = (user + system) / 1000;
  return cpuTold - before;
}

// RFC 6761 6.3 says that *.localhost is the loopback address; getaddrinfo does not do so everywhere.
function resolveLocalhostNames(): void {
  const lookup = dns.lookup as (host: string, ...rest: unknown[]) => void;
  const local = (host: string, ...rest: unknown[]) =>
    lookup(/(^|\.)localhost\.?$/i.test(host) ? '127.0.0.1' : host, ...rest);
  dns.lookup = local as typeof dns.lookup;
}

// In the cloud there is no node_modules above the code folder; a bundle that needs one must fail here too.
function seeOnlyTheCode(): void {
  const internal = Module as unknown as { _nodeModulePaths(from: string): string[]; globalPaths: string[] };
  const original = internal._nodeModulePaths;
  internal._nodeModulePaths = (from) => original(from).filter((path) => path.startsWith(code + sep));
  internal.globalPaths.length = 0;
}

function captureOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: Uint8Array | string): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      for (const line of text.replace(/\n$/, '').split('\n')) report({ type: 'log', line });
      return true;
    };
  }
}
