/** Columns side by side, two blanks between: words and the first to the left, numbers to the right. */
export function table(head: string[], rows: string[][]): string {
  const columns = head.map((name, column) => [name, ...rows.map((row) => row[column] ?? '')]);
  const padded = columns.map((cells) => {
    const width = Math.max(...cells.map((cell) => cell.length));
    const isNumbers = cells !== columns[0] && cells.slice(1).every((cell) => /^(\d.*|)$/.test(cell));
    return cells.map((cell) => (isNumbers ? cell.padStart(width) : cell.padEnd(width)));
  });
  const line = (row: number) =>
    padded
      .map((cells) => cells[row])
      .join('  ')
      .trimEnd();
  const rule = padded.map((cells) => '─'.repeat(cells[0]?.length ?? 0)).join('  ');
  return [line(0), rule, ...rows.map((_, row) => line(row + 1))].join('\n');
}
