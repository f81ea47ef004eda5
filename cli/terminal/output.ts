import { styleText } from 'node:util';
import type { Failure } from './failure';
import { type Progress, progress } from './progress';

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red';

/** Where a command says things: to people, or as JSON Lines to programs. Content is none of its business. */
export type Output = {
  isJson: boolean;
  /** A line for people. */
  say(line: string): void;
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

export function openOutput({ json, color, isTaken = false }: OutputOptions): Output {
  const isJson = json === true;
  const out = isTaken ? process.stderr : process.stdout;
  const isColoured = color && out.isTTY === true && !process.env.NO_COLOR && !isJson;
  const silent: Progress = { moved() {}, done() {} };
  return {
    isJson,
    say: (line) => void (isJson || out.write(`${line}\n`)),
    item: (value) => void (isJson && out.write(`${JSON.stringify(value)}\n`)),
    progress: (label, total) =>
      process.stderr.isTTY && !isJson ? progress(label, total, process.stderr) : silent,
    styled: (style, text) => (isColoured ? styleText(style, text) : text),
  };
}

/** Why a command ended as it did: what happened, what was left as it was, what to do. On standard error. */
export function showFailure({ code, message, left, todo, detail }: Failure, json: boolean): void {
  if (json) {
    process.stderr.write(`${JSON.stringify({ error: { code, message, left, todo, detail } })}\n`);
    return;
  }
  const lines = [`${message} (${code})`, left && `  left as it was: ${left}`, `  to do: ${todo}`];
  const more = detail && `  more: ${detail}`;
  process.stderr.write(`${[...lines, more].filter(Boolean).join('\n')}\n`);
}
