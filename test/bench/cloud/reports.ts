import type { Report } from '../../../infra/local/fc/server';

/** What invocations came to, for those who wait for one; either may come first. */
export function createReports() {
  const come = new Map<string, Report>();
  const waiting = new Map<string, (report: Report) => void>();

  function add(report: Report): void {
    const tell = waiting.get(report.requestId);
    waiting.delete(report.requestId);
    if (tell) tell(report);
    else come.set(report.requestId, report);
  }

  async function of(requestId: string): Promise<Report> {
    const report = come.get(requestId);
    come.delete(requestId);
    return report ?? new Promise((resolve) => waiting.set(requestId, resolve));
  }

  return { add, of };
}
