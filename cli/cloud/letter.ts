import { utf8 } from '../../functions/characters';
import { replayable } from '../../functions/cloud/upload-event';
import { shown } from '../terminal/shown';
import type { Message } from './queue';

/** A dead letter: an event that a function could not deal with, and why not. */
export type Letter = {
  id: string;
  /** The product's code, or what Function Compute calls the failure; `malformed` where the message is no letter. */
  code: string;
  sentence: string;
  /** Of the function that failed; empty where nobody says. */
  functionName: string;
  requestId: string;
  /** When it was given up. */
  at: Date;
  /** How often the function was tried with it; undefined where nobody says. */
  tries: number | undefined;
  /** What a replay needs of it; as the function got it where it is no event of OSS. Undefined where the message is no letter. */
  event: string | undefined;
  /** Of the uploads that the event is about. */
  keys: string[];
};

type Json = Record<string, unknown>;

/**
 * Reads a message of the queue: letters of the functions and of Function Compute itself have one shape (FC docs,
 * "Destinations"). Base64 around it is taken off, as SDKs of MNS put it on. Never throws.
 */
export function letterIn({ id, body, enqueuedAt }: Message): Letter {
  const json = objectIn(body) ?? objectIn(utf8(Buffer.from(body, 'base64')) ?? '');
  if (typeof json?.requestPayload !== 'string') return malformed(id, body, enqueuedAt);
  const { requestPayload, timestamp } = json;
  const event = replayable(requestPayload) ?? requestPayload;
  const context = (json.requestContext ?? {}) as Json;
  const { code, sentence } = whyIn(json, context);
  const { requestId, functionArn, approximateInvokeCount: tries } = context;
  return {
    id,
    code,
    sentence,
    functionName: /functions\/([\w-]+)/.exec(String(functionArn))?.[1] ?? '',
    requestId: shown(String(requestId ?? '')),
    at: typeof timestamp === 'number' ? new Date(timestamp) : enqueuedAt,
    tries: typeof tries === 'number' ? tries : undefined,
    event,
    keys: keysIn(event),
  };
}

function whyIn({ responsePayload }: Json, { condition }: Json): { code: string; sentence: string } {
  const { errorType, errorMessage } = objectIn(String(responsePayload)) ?? {};
  const code = String(errorType ?? condition ?? 'unknown');
  const sentence = String(errorMessage ?? `the function failed: ${condition ?? 'nobody says how'}`);
  return { code: shown(code.slice(0, 100)), sentence: shown(sentence.slice(0, 500)) };
}

function keysIn(event: string): string[] {
  const { events } = objectIn(event) ?? {};
  if (!Array.isArray(events)) return [];
  const keys = events.map(
    (one) => (one as { oss?: { object?: { key?: unknown } } } | null)?.oss?.object?.key,
  );
  return keys.filter((key) => typeof key === 'string');
}

function malformed(id: string, body: string, at: Date): Letter {
  const sentence = `the message is no dead letter: ${shown(JSON.stringify(body.slice(0, 100)))}`;
  const nobody = { functionName: '', requestId: '', tries: undefined, event: undefined, keys: [] };
  return { id, code: 'malformed', sentence, at, ...nobody };
}

function objectIn(text: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Json) : undefined;
  } catch {
    return undefined;
  }
}
