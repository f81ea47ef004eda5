const assert = require('node:assert/strict');
const { createRequire } = require('node:module');
const { Readable } = require('node:stream');
const { text } = require('node:stream/consumers');
const FC = require('@alicloud/fc20230330');
const { check, refusal, settings, versionOf } = require('./claims');
const { remembered } = require('./remembered');

const { RuntimeOptions } = createRequire(require.resolve('@alicloud/fc20230330'))('@darabonba/typescript');

const clientOf = (changed) =>
  new FC.default({
    accessKeyId: settings.accessKeyId,
    accessKeySecret: settings.accessKeySecret,
    regionId: settings.region,
    endpoint: new URL(settings.fc).host,
    protocol: 'HTTP',
    toMap: () => ({}),
    ...changed,
  });
const fc = clientOf({});

async function invoke(name, { event = '', xFcInvocationType = 'Sync', client = fc } = {}) {
  const request = new FC.InvokeFunctionRequest({ body: Readable.from([Buffer.from(event)]) });
  const headers = new FC.InvokeFunctionHeaders({ xFcInvocationType });
  const answer = await client.invokeFunctionWithOptions(name, request, headers, new RuntimeOptions({}));
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.body ? await text(answer.body) : '',
  };
}

async function refused(call, { code, status }) {
  const error = await refusal(call);
  assert.equal(error.code, code);
  assert.equal(error.statusCode, status);
  assert.match(error.message, new RegExp(`code: ${status}`));
}

check(versionOf('@alicloud/fc20230330'), {
  'a synchronous invocation answers': async () => {
    const { status, headers, body } = await invoke('echo', { event: 'hällo' });
    const { event, requestId } = JSON.parse(body);
    assert.deepEqual([status, event, requestId], [200, 'hällo', headers['x-fc-request-id']]);
  },
  'an asynchronous invocation is accepted, then done': async () => {
    const { status } = await invoke('remember', { event: 'of fc20230330', xFcInvocationType: 'Async' });
    assert.equal(status, 202);
    await remembered('of fc20230330', async () => (await invoke('remember')).body);
  },
  'an error of the function is an answer, not an exception': async () => {
    const { headers, body } = await invoke('fail');
    assert.equal(headers['x-fc-error-type'], 'HandledInvocationError');
    assert.equal(JSON.parse(body).errorMessage, 'thrown on purpose');
  },
  'an unknown function is FunctionNotFound': async () => {
    await refused(() => invoke('nobody'), { code: 'FunctionNotFound', status: 404 });
  },
  'a wrong secret and an unknown access key are refused': async () => {
    const wrong = clientOf({ accessKeySecret: 'wrong' });
    await refused(() => invoke('echo', { client: wrong }), { code: 'SignatureNotMatch', status: 403 });
    const unknown = clientOf({ accessKeyId: 'LTAIunknown' });
    await refused(() => invoke('echo', { client: unknown }), { code: 'InvalidAccessKeyID', status: 403 });
  },
});
