import { styleText } from 'node:util';
import type { Failure } from './failure';
import { type Progress, progress } from './progress';
import { shown, shownStyled } from './shown';
import { failureOf } from './standard';

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red';

/** Where a command says things: to people, or as JSON Lines to programs. Content is none of its business. */
export type Output = {
  isJson: boolean;
  /** A line for people. */
  say(line: string): void;
  /** A line for people beside the answer, on standard error. */
  note(line: string): void;
  /** Takes what was said off a terminal that can do so. */
  clear(): void;
  /** An item that is done, as an object for programs. */
  item(value: object): void;
  /** A bar on a terminal, nothing anywhere else. */
  progress(label: string, total: number): Progress;
  styled(style: Style, text: string): string;
};

export type OutputOptions = {
  json?: true;
  color: boolean;
  /** Standard output is taken by content: what is said goes to standard error. */
  isTaken?: boolean;
};

export function createOutput({ json, color, isTaken = false }: OutputOptions): Output {
  const isJson = json === true;
  const out = isTaken ? process.stderr : process.stdout;
  const isColoured = color && out.isTTY === true && !process.env.NO_COLOR && !isJson;
  const silent: Progress = { moved() {}, done() {} };
  const write = (text: string) => {
    // The command ends there, in order.
    const failure = failureOf(out);
    if (failure) throw failure;
    out.write(text);
  };
  return {
    isJson,
    say: (line) => void (isJson || write(`${shownStyled(line)}\n`)),
    note: (line) => void (isJson || process.stderr.write(`${shownStyled(line)}\n`)),
    clear: () => void (out.isTTY && process.env.TERM !== 'dumb' && !isJson && write('\x1b[H\x1b[2J')),
    item: (value) => void (isJson && write(`${JSON.stringify(value)}\n`)),
    progress: (label, total) =>
      process.stderr.isTTY && !isJson ? progress(label, total, process.stderr) : silent,
    styled: (style, text) => (isColoured ? styleText(style, text) : text),
  };
}

const told = new Set<string>();

/** Whether a failure with this code was shown. */
export function wasShown({ code }: Failure): boolean {
  return told.has(code);
}

/** Why a command ended as it did: what happened, what was left as it was, what to do. On standard error. */
export function showFailure({ code, message, left, todo, detail }: Failure, json: boolean): void {
  told.add(code);
  if (json) {
    process.stderr.write(`${JSON.stringify({ error: { code, message, left, todo, detail } })}\n`);
    return;
  }
  const lines = [`${message} (${code})`, left && `  left as it was: ${left}`, `  to do: ${todo}`];
  const said = [...lines, detail && `  more: ${detail}`].filter((line) => line !== undefined && line !== '');
  // A bar may stand where the failure is to be read.
  const clear = process.stderr.isTTY ? '\r\x1b[K' : '';
  process.stderr.write(`${clear}${said.map((line) => shown(String(line))).join('\n')}\n`);
}
