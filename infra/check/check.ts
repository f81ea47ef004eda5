/** One question with an answer: what it found wrong, nothing where all is well. */
export type Check = { name: string; run: () => string[] | Promise<string[]> };

/** A part of the proof: its checks, or why it was left out. */
export type Part = { name: string; checks: Check[]; skipped?: string; close?: () => Promise<void> };

export type Result = { name: string; checks: number; failures: Failure[]; seconds: number; skipped?: string };
type Failure = { check: string; findings: string[] };

/** Opens a part and runs its checks, one after the other. What one throws is a finding. */
export async function runPart(open: () => Part | Promise<Part>): Promise<Result> {
  const started = performance.now();
  const { name, checks, skipped, close } = await open();
  const failures: Failure[] = [];
  for (const { name: check, run } of checks) {
    const findings = await found(run);
    if (findings.length > 0) failures.push({ check, findings });
  }
  await close?.();
  const seconds = (performance.now() - started) / 1000;
  return { name, checks: checks.length, failures, seconds, ...(skipped !== undefined && { skipped }) };
}

async function found(run: Check['run']): Promise<string[]> {
  try {
    return await run();
  } catch (error) {
    return [(error as Error).message];
  }
}

/** The table of all parts, and below it what failed. */
export function tableOf(results: Result[]): string {
  const rows = results.map(({ name, checks, failures, seconds, skipped }) => [
    name,
    String(checks),
    String(checks - failures.length),
    String(failures.length),
    seconds.toFixed(1),
    skipped === undefined ? '' : `skipped: ${skipped}`,
  ]);
  const lines = aligned([['part', 'checks', 'passed', 'failed', 'seconds', ''], ...rows]);
  const failed = results.flatMap(({ name, failures }) =>
    failures.flatMap(({ check, findings }) => [
      `\n${name}: ${check}`,
      ...findings.map((finding) => `  ${finding.replaceAll('\n', '\n  ')}`),
    ]),
  );
  return [...lines, ...failed].join('\n');
}

function aligned(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number) =>
    column === 0 || column === 5 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(cell).join('  ').trimEnd());
}
