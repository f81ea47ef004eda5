import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** What the cold starts are compared with: a handler that has nothing to load and nothing to do. */
const BARE = 'bare';

/**
 * s.yaml as it is deployed here: with paths from anywhere, without the timer, with a sweep that takes
 * up no upload of today, and with the bare handler beside.
 */
export async function writeServices(data: string): Promise<string> {
  const code = join(data, BARE);
  mkdirSync(code, { recursive: true });
  writeFileSync(join(code, 'index.js'), "exports.handler = async () => 'handled';\n");
  const text = (await readFile('s.yaml', 'utf8'))
    .replaceAll('./dist/', `${resolve('dist')}/`)
    .replaceAll('./infra/', `${resolve('infra')}/`)
    .replace('enable: true', 'enable: false')
    .replace("env('ENVELOPE_GRACE_SECONDS', '900')", "env('ENVELOPE_GRACE_SECONDS', '86400')");
  const file = join(data, 's.yaml');
  writeFileSync(file, `${text}\n${bare(code)}`);
  return file;
}

function bare(code: string): string {
  return `  ${BARE}:
    component: fc3
    props:
      region: \${vars.region}
      functionName: ${BARE}
      runtime: nodejs20
      handler: index.handler
      code: ${code}
      cpu: 0.5
      memorySize: 512
      diskSize: 512
      timeout: 60
`;
}
