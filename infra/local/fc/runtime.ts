import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import type { ContextFacts, Failure, InvokeMessage, RuntimeMessage } from './runtime-messages';

/**
 * The process of one function instance: FC's nodejs20 as far as a handler can tell. Forked by instance.ts, which
 * sets its environment and its working folder (the code's).
 */
const code = process.env.FC_FUNC_CODE_PATH ?? process.cwd();
let initialized = false;

process.on('disconnect', () => process.exit());
process.on('message', (message) => void serve(message as InvokeMessage));
resolveLocalhostNames();
seeOnlyTheCode();
captureOutput();

async function serve({ event, handler, initializer, context }: InvokeMessage): Promise<void> {
  const full = withLogger(context);
  let phase: Failure['kind'] = 'InitializationError';
  try {
    if (initializer && !initialized) await load(initializer)(full);
    initialized = true;
    report({ type: 'initialized' });
    phase = 'UnhandledInvocationError';
    const handle = load(handler);
    phase = 'HandledInvocationError';
    const body = toBytes(await handle(Buffer.from(event), full));
    report({ type: 'result', body, maxMemoryBytes: maxMemoryBytes() });
  } catch (error) {
    report({ type: 'failure', failure: toFailure(error, phase), maxMemoryBytes: maxMemoryBytes() });
  }
}

type Handler = (...args: unknown[]) => unknown;

function load(handler: string): Handler {
  const [file = '', method = ''] = handler.split('.');
  const loaded = createRequire(join(code, 'code.js'))(`./${file}.js`) as Record<string, unknown>;
  const found = loaded[method];
  if (typeof found !== 'function') throw new Error(`Module '${file}' is missing function '${method}'.`);
  return found as Handler;
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

// A forked process inherits its parent's peak in getrusage(); the kernel's own mark for this program does not.
function maxMemoryBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kibibytes ?? 0) * 1024;
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
