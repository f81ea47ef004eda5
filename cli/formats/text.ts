import type { Output } from '../terminal/output';

/** The byte order mark of UTF-8, as Latin-1. */
const MARK = '\u00ef\u00bb\u00bf';

/** Text without the byte order mark before it. This and all here give `skipped` the names of what they pass over. */
export function withoutMark(text: string, skipped: Set<string>): string {
  if (!text.startsWith(MARK)) return text;
  skipped.add('a byte order mark');
  return text.slice(MARK.length);
}

/** What editors, mail and shells put around and between base64. */
export function withoutSpaces(text: string, skipped: Set<string>): string {
  return without(/[ \t\r\n]+/g, text, skipped);
}

/** One text that was broken into lines. Within them spaces stay, as between words; the line break at the end is how texts end. */
export function unwrapped(text: string, skipped: Set<string>): string {
  const ended = text.replace(/(\r\n|\r|\n)$/, '');
  return without(/^[ \t\r\n]+|[ \t]*[\r\n][ \t\r\n]*|[ \t]+$/g, ended, skipped);
}

function without(spaces: RegExp, text: string, skipped: Set<string>): string {
  return text.replace(spaces, (some) => {
    if (/[ \t]/.test(some)) skipped.add('spaces');
    if (/[\r\n]/.test(some)) skipped.add('line breaks');
    return '';
  });
}

export type Line = {
  /** Without the spaces around it. */
  text: string;
  /** Where that lies, half-open. */
  from: number;
  to: number;
  /** Blank lines right before it. */
  blanks: number;
};

/** The lines that are not blank, and how many blank ones follow the last. `at`: where the text begins in its input. */
export function linesIn(text: string, at: number, skipped: Set<string>): { lines: Line[]; blanks: number } {
  const lines: Line[] = [];
  let blanks = 0;
  for (const { 0: whole, 1: line = '', index } of text.matchAll(/([^\r\n]*)(?:\r\n|\r|\n|$)/g)) {
    const inner = line.replace(/^[ \t]+|[ \t]+$/g, '');
    const from = at + index + line.indexOf(inner);
    if (inner !== line) skipped.add('spaces');
    if (inner === '') blanks += whole === line ? 0 : 1;
    else {
      lines.push({ text: inner, from, to: from + inner.length, blanks });
      blanks = 0;
    }
  }
  return { lines, blanks };
}

/** For `inspect`. */
export function factOf(skipped: Set<string>): { skipped?: string } {
  return skipped.size > 0 ? { skipped: [...skipped].join(', ') } : {};
}

/** Tells people what was passed over in a file; returns the same as a field for programs. */
export function tellSkipped({ note }: Output, file: string, skipped: Set<string>): { skipped?: string[] } {
  if (skipped.size === 0) return {};
  note(`Passed over in ${file}: ${[...skipped].join(', ')}`);
  return { skipped: [...skipped] };
}
