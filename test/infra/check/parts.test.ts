import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Part, runPart } from '../../../infra/check/check';
import { permissionsPart } from '../../../infra/check/permissions/part';
import { posturePart } from '../../../infra/check/posture/part';
import { startControlPlane } from '../../../infra/check/real/control-plane';
import { realPart } from '../../../infra/check/real/part';
import { recordedPart } from '../../../infra/check/recorded/part';
import { sYamlPart } from '../../../infra/check/s-yaml/part';
import { previewSYaml, REQUIRED } from '../../../infra/check/s-yaml/serverless-devs';
import { templatePart } from '../../../infra/check/template/part';

const runtime = resolve('dist/local/runtime.js');
const files = { template: '', alarms: '', sYaml: '', envExample: '', questions: '', preview: '' };
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'oss-envelope-deploy-check-'));
  files.template = await readFile('infra/template.yaml', 'utf8');
  files.alarms = await readFile('infra/alarms.yaml', 'utf8');
  files.sYaml = await readFile('s.yaml', 'utf8');
  files.envExample = await readFile('.env.example', 'utf8');
  files.questions = await readFile('infra/check/permissions/questions.txt', 'utf8');
  files.preview = await previewSYaml({ home, env: REQUIRED });
});
afterAll(() => rm(home, { recursive: true }));

type Named = [name: string, open: () => Part | Promise<Part>, atLeast: number];

describe('nothing is wrong with', () => {
  const parts: Named[] = [
    ['the template, and fifty mutations of it are found', () => templatePart(files), 80],
    ['sixty permissions', () => permissionsPart(files.template, files.questions), 60],
    ['the posture', () => posturePart(files), 20],
    ['s.yaml', () => sYamlPart(files), 30],
    ['what Serverless Devs makes of it', () => recordedPart(runtime), 10],
  ];
  test.each(parts)('%s', async (_, open, atLeast) => {
    const { checks, failures } = await runPart(open);
    expect(failures).toEqual([]);
    expect(checks).toBeGreaterThanOrEqual(atLeast);
  });
});

describe('a part fails when its file is broken', () => {
  const edited = (text: string, from: string, to: string): string => {
    expect(text).toContain(from);
    return text.replace(from, to);
  };
  const failuresOf = async (open: () => Part | Promise<Part>) =>
    (await runPart(open)).failures.map(({ check }) => check);

  test('1: a property that ROS does not know', async () => {
    const template = edited(files.template, 'BlockPublicAccess: true', 'BlockPublic: true');
    expect(await failuresOf(() => templatePart({ ...files, template }))).toContain(
      'AccessLogs fits the schema of its type',
    );
  });

  test('2: a permission too many', async () => {
    const template = edited(files.template, '- kms:GenerateDataKey', '- kms:Decrypt');
    const failures = await failuresOf(() => permissionsPart(template, files.questions));
    expect(failures).toContain('encrypt may not kms:Decrypt {key}');
    expect(failures).toContain('encrypt may kms:GenerateDataKey {key}');
  });

  test('3: a vault without versions', async () => {
    const template = files.template.replaceAll(
      'Status: Enabled\n      Server',
      'Status: Suspended\n      Server',
    );
    const failures = await failuresOf(() => posturePart({ ...files, template }));
    expect(failures).toContain(
      'oss-bucket-versioning-enabled: a bucket keeps what is overwritten or deleted',
    );
  });

  test('4: an event of every part', async () => {
    const changed = edited(files.preview, 'oss:ObjectCreated:PutObject', 'oss:ObjectCreated:*');
    const failures = await failuresOf(() => sYamlPart({ ...files, preview: changed }));
    expect(failures).toContain('every key is known and has a value of its kind');
  });

  test('4: a variable of which .env.example does not tell', async () => {
    const envExample = edited(files.envExample, 'ENVELOPE_ALARM_MAIL=', '');
    const failures = await failuresOf(() => sYamlPart({ ...files, envExample }));
    expect(failures).toEqual(['.env.example tells of every variable']);
  });

  const GUARD = `\n    actions:\n      pre-deploy:\n        - plugin: \${path('./infra/unresolved.cjs')}`;

  test.each([
    [
      's remove' as const,
      ['[encrypt]\n    - [decrypt]\n    - [sweep]\n\nresources', '[encrypt, decrypt, sweep]\n\nresources'],
      ['without -y it asks before it removes a function'],
    ],
    [
      's decrypt deploy, without a stack' as const,
      [GUARD, ''],
      [
        's decrypt deploy, without a stack ends badly, without any network',
        'it deploys nothing, and says what the stack did not answer',
      ],
    ],
  ])('5: %s with %j', async (only, [from, to], failures) => {
    const file = join(home, 's.yaml');
    const changed = files.sYaml.split(from as string).join(to as string);
    expect(changed).not.toBe(files.sYaml);
    await writeFile(file, changed.replaceAll("path('./", `path('${resolve('.')}/`));
    expect(await failuresOf(() => recordedPart(runtime, { sYaml: file, only }))).toEqual(
      expect.arrayContaining(failures),
    );
  });

  test('5: a removal that begins with the stack', async () => {
    const file = join(home, 's.yaml');
    await writeFile(file, edited(files.sYaml, '  remove:\n', '  remove:\n    - [infra]\n'));
    expect(await failuresOf(() => recordedPart(runtime, { sYaml: file, only: 's remove' }))).toContain(
      's remove removes the functions and leaves the stack',
    );
  });
});

describe('the real fc3', () => {
  test('is not asked where it is not', async () => {
    const { skipped, checks } = await runPart(() => realPart(home, files.preview));
    expect(skipped).toContain('no fc3, no fc3-domain in');
    expect(checks).toBe(0);
  });

  /** A component that sends what s.yaml says, but for what is left out of its body. */
  async function install(component: string): Promise<string> {
    const own = await mkdtemp(join(home, 'real-'));
    for (const [name, code] of [
      ['fc3', component] as const,
      ['fc3-domain', 'exports.default = class {};'] as const,
    ]) {
      const folder = join(own, '.s/components/devsapp.cn/v3', name);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'index.js'), code);
      await writeFile(join(folder, '.s.lock'), '{"version":"0.0.0","lastUpdateCheck":9007199254740991}');
    }
    return own;
  }
  const component = `
    const at = (path) => process.env.FC_CLIENT_CUSTOM_ENDPOINT + '/2023-03-30' + path;
    const send = (method, path, body) => fetch(at(path), { method, body: JSON.stringify(body) });
    exports.default = class {
      async deploy({ props: { triggers, asyncInvokeConfig, ...body } }) {
        const path = '/functions/' + body.functionName;
        if ((await fetch(at(path))).status !== 404) throw new Error('there already');
        await send('POST', '/functions', body);
        for (const trigger of triggers) await send('POST', path + '/triggers', trigger);
        for (const { triggerName, triggerType } of triggers) {
          const { httpTrigger } = await (await fetch(at(path + '/triggers/' + triggerName))).json();
          if (triggerType === 'http') new URL(httpTrigger.urlInternet), new URL(httpTrigger.urlIntranet);
        }
        if (asyncInvokeConfig) await send('PUT', path + '/async-invoke-config', asyncInvokeConfig);
      }
    };`;

  test('sends what s.yaml says', async () => {
    const own = await install(component);
    const { failures, checks } = await runPart(() => realPart(own, files.preview));
    expect(failures).toEqual([]);
    expect(checks).toBe(9);
  });

  test('is answered once all that it uploads was read', async () => {
    const control = await startControlPlane();
    const upload = request(`${control.endpoint}/account/code.zip`, { method: 'PUT' });
    upload.end(Buffer.alloc(16 << 20));
    const [answer] = await once(upload, 'response');
    expect([answer.statusCode, upload.writableFinished]).toEqual([200, true]);
    await control.close();
  });

  test('is found out when it does not', async () => {
    const own = await install('exports.default = class { async deploy() {} };');
    const { failures } = await runPart(() => realPart(own, files.preview));
    expect(failures).toHaveLength(8);
  });
});
