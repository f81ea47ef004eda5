const assert = require('node:assert/strict');
const FC = require('@alicloud/fc2');
const { check, refusal, settings, versionOf } = require('./claims');
const { remembered } = require('./remembered');

function clientOf(changed) {
  const client = new FC(settings.accountId, {
    accessKeyID: settings.accessKeyId,
    accessKeySecret: settings.accessKeySecret,
    region: settings.region,
    endpoint: settings.fc,
    ...changed,
  });
  client.version = '2023-03-30';
  return client;
}

const fc = clientOf({});
const invoke = (name, event = '', headers = {}, client = fc) =>
  client.request('POST', `/functions/${name}/invocations`, null, event, headers);

async function refused(call, { code, status }) {
  const error = await refusal(call);
  assert.equal(error.name, `FC${code}Error`);
  assert.equal(error.code, code);
  assert.match(error.message, new RegExp(`failed with ${status}`));
}

check(versionOf('@alicloud/fc2'), {
  'a synchronous invocation answers': async () => {
    const { data, headers } = await invoke('echo', 'hällo');
    const answer = typeof data === 'string' ? JSON.parse(data) : data;
    assert.deepEqual([answer.event, answer.function], ['hällo', 'echo']);
    assert.equal(answer.requestId, headers['x-fc-request-id']);
  },
  'an asynchronous invocation is accepted, then done': async () => {
    const { headers } = await invoke('remember', 'of fc2', { 'x-fc-invocation-type': 'Async' });
    assert.match(headers['x-fc-request-id'], /./);
    await remembered('of fc2', async () => (await invoke('remember')).data);
  },
  'an error of the function is an answer, not an exception': async () => {
    const { data, headers } = await invoke('fail');
    assert.equal(headers['x-fc-error-type'], 'HandledInvocationError');
    const { errorMessage, errorType } = typeof data === 'string' ? JSON.parse(data) : data;
    assert.deepEqual([errorMessage, errorType], ['thrown on purpose', 'TypeError']);
  },
  'an unknown function is FunctionNotFound': async () => {
    await refused(() => invoke('nobody'), { code: 'FunctionNotFound', status: 404 });
  },
  'a wrong secret and an unknown access key are refused': async () => {
    const wrong = clientOf({ accessKeySecret: 'wrong' });
    await refused(() => invoke('echo', '', {}, wrong), { code: 'SignatureNotMatch', status: 403 });
    const unknown = clientOf({ accessKeyID: 'LTAIunknown' });
    await refused(() => invoke('echo', '', {}, unknown), { code: 'InvalidAccessKeyID', status: 403 });
  },
});
