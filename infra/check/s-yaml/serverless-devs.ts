import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

/** What Serverless Devs is run with: the folder that it takes for its home, the variables of s.yaml, and the folder it runs in. */
export type SettingsOfS = { home: string; env: Record<string, string>; cwd?: string };

export const ACCOUNT = '1234567890123456';

/** What `.env` must give, for functions and for alarms; all else has a default. */
export const REQUIRED = {
  ENVELOPE_ALARM_MAIL: 'operators@example.com',
  ENVELOPE_DOWNLOADS_URL: 'https://files.example.com',
};

/**
 * Runs the real `s` with s.yaml in an environment of its own: no access alias, no update check, no report, nothing of
 * this machine's. Resolves with its exit code and what it wrote; a terminal is never asked.
 */
export async function runS(
  args: string[],
  { home, env, cwd = '.' }: SettingsOfS,
): Promise<{ code: number; out: string }> {
  const account = { AccountID: ACCOUNT, AccessKeyID: 'id', AccessKeySecret: 'secret' };
  const settings = { SERVERLESS_DEVS_CICD: '1', serverless_devs_config_home: home, HOME: home };
  const path = process.env.PATH ?? '';
  const running = promisify(execFile)(
    process.execPath,
    [resolve('node_modules/@serverless-devs/s/bin/s'), ...args],
    {
      cwd,
      env: { PATH: path, ...account, ...settings, ...env },
      maxBuffer: 16 << 20,
      timeout: 60_000,
    },
  );
  running.child.stdin?.end();
  try {
    const { stdout, stderr } = await running;
    return { code: 0, out: stdout + stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
    return { code: typeof code === 'number' ? code : -1, out: stdout + stderr };
  }
}

/** What `s preview` makes of s.yaml, as text: the values of other resources' `info` are left as they stand. */
export async function previewSYaml(settings: SettingsOfS): Promise<string> {
  const { code, out } = await runS(['preview', '-t', 's.yaml', '-o', 'json'], settings);
  if (code !== 0) throw new Error(`s preview ends with ${code}: ${out}`);
  return out.slice(out.indexOf('{'), out.lastIndexOf('}') + 1);
}
