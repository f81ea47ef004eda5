/** What moves the cursor, ends a line or turns the direction of text: a name may hold any of it. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const ESCAPE = String.fromCharCode(27);
/** The styles that `styled` writes. */
const STYLE = new RegExp(`(${ESCAPE}\\[[0-9;]*m)`);

/** A name or sentence as one line of a terminal: what could play tricks there stands as `\u001b`. */
export function shown(text: string): string {
  return text.replace(UNSEEN, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same of text with styles and line feeds of its own. */
export function shownStyled(text: string): string {
  const lines = text.split('\n').map((line) =>
    line
      .split(STYLE)
      .map((part, index) => (index % 2 === 1 ? part : shown(part)))
      .join(''),
  );
  return lines.join('\n');
}
