import type { Output } from '../../terminal/output';
import type { Finding, Subject } from './check';

export type Report = {
  add(subject: Subject, found: Finding[]): void;
  /** The last line, or object: how many of each. */
  end(): void;
  findings(): number;
};

const MARKS = {
  ok: ['ok', 'green'],
  finding: ['finding', 'red'],
  'cannot-tell': ['cannot tell', 'yellow'],
} as const;
const WIDTH = 12;

/** A line for each finding, and one below it that says what to do. */
export function createReport({ say, item, styled }: Output): Report {
  const counts = { ok: 0, finding: 0, 'cannot-tell': 0 };
  return {
    add(subject, found) {
      for (const { state, says, todo } of found) {
        counts[state]++;
        item({ subject, state, says, ...(todo !== undefined && { todo }) });
        const [mark, style] = MARKS[state];
        say(`${styled(style, mark.padEnd(WIDTH))}${subject.padEnd(14)} ${says}`);
        if (todo !== undefined) say(`${' '.repeat(WIDTH)}${''.padEnd(14)} to do: ${todo}`);
      }
    },
    end() {
      item({ ok: counts.ok, findings: counts.finding, cannotTell: counts['cannot-tell'] });
      const untold = counts['cannot-tell'];
      say(
        `\n${counts.ok} ok, ${counts.finding} finding${counts.finding === 1 ? '' : 's'}, ${untold} that cannot be told.`,
      );
    },
    findings: () => counts.finding,
  };
}
