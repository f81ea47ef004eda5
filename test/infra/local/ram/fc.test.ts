import { afterEach, describe, expect, test } from 'vitest';
import { createAuthorize } from '../../../../infra/local/ram/authorize';
import { readRoles } from '../../../../infra/local/ram/roles';
import { acs3Headers } from '../../../../infra/run/acs3';
import { httpTrigger, ossTrigger, type RunningFc, record, runFc } from '../fc/running-fc';
import { accountId, document, region, template } from './specimen';

const role = `acs:ram::${accountId}:role/reader`;
const echo = {
  code: `exports.handler = async (event) => ({ statusCode: 200, body: 'ok' });`,
  triggers: [httpTrigger('function')],
};
const f = `acs:fc:${region}:${accountId}:functions/f`;

let fc: RunningFc | undefined;
afterEach(() => fc?.close());

async function run(functions: Parameters<typeof runFc>[0], Resource: string[], Service = 'fc.aliyuncs.com') {
  const policy = document({ Action: ['fc:InvokeFunction'], Resource });
  const yaml = template(policy).replaceAll('fc.aliyuncs.com', Service);
  const authorize = createAuthorize(readRoles(yaml, { accountId, region }), accountId);
  await fc?.close();
  fc = undefined;
  fc = await runFc(functions, { authorize });
  return fc;
}

describe('InvokeFunction by a role', () => {
  const invoke = ({ clientOf, accessKeys }: RunningFc, query = {}) =>
    clientOf(accessKeys.assumeRole(role)).request('POST', '/functions/f/invocations', query, '{}', {});

  test('takes fc:InvokeFunction on the function [documented]', async () => {
    const running = await run({ f: echo }, [f]);
    expect((await invoke(running)).data).toBeDefined();
  });

  test('without it the answer names action and resource [assumed]', async () => {
    const running = await run({ f: echo }, [`${f}x`]);
    await expect(invoke(running)).rejects.toMatchObject({
      name: 'FCAccessDeniedError',
      code: 'AccessDenied',
      message: expect.stringContaining(
        `the caller is not authorized to perform 'fc:InvokeFunction' on resource '${f}'`,
      ),
    });
  });
});

test('a qualifier is a resource of its own [assumed]', async () => {
  const running = await run({ f: echo }, [f]);
  const client = running.clientOf(running.accessKeys.assumeRole(role));
  const call = client.request('POST', '/functions/f/invocations', { qualifier: 'LATEST' }, '{}', {});
  await expect(call).rejects.toMatchObject({ code: 'AccessDenied' });
});

test('a URL with authType function takes it too [assumed]', async () => {
  const running = await run({ f: echo, g: echo }, [f]);
  const statusOf = async (name: string) => {
    const url = running.urlOf(name);
    const { accessKeyId, accessKeySecret, securityToken = '' } = running.accessKeys.assumeRole(role);
    const headers = acs3Headers('POST', url, { accessKeyId, accessKeySecret, securityToken });
    return (await fetch(url, { method: 'POST', headers })).status;
  };
  expect(await statusOf('f')).toBe(200);
  expect(await statusOf('g')).toBe(403);
});

describe('the role of an OSS trigger', () => {
  const triggered = (invocationRole: string) => ({
    code: `exports.handler = async () => 'ok';`,
    triggers: [{ ...ossTrigger('inbox'), invocationRole }],
  });
  const delivered = async (invocationRole: string, Resource: string[], Service?: string) => {
    const running = await run({ f: triggered(invocationRole) }, Resource, Service);
    await running.deliver(record('inbox', 'a'));
    await running.idle();
    return running.reports.length;
  };

  test('may invoke the function and trusts OSS [documented]', async () => {
    expect(await delivered(role, [f, `${f}/LATEST`], 'oss.aliyuncs.com')).toBe(1);
    expect(await delivered('reader', [f, `${f}/LATEST`], 'oss.aliyuncs.com')).toBe(1);
  });

  test('otherwise nothing is delivered [assumed]', async () => {
    expect(await delivered(role, [`${f}x`], 'oss.aliyuncs.com')).toBe(0);
    expect(await delivered(role, [f, `${f}/LATEST`], 'fc.aliyuncs.com')).toBe(0);
    expect(await delivered(`${role}-of-nobody`, [f, `${f}/LATEST`], 'oss.aliyuncs.com')).toBe(0);
  });
});

test('a function whose role does not trust Function Compute is not deployed [assumed]', async () => {
  const functions = { f: { ...echo, props: { role } } };
  await expect(run(functions, [f], 'oss.aliyuncs.com')).rejects.toThrow(
    `Cannot deploy f: the role ${role} does not trust fc.aliyuncs.com`,
  );
});
