import { expect, test } from 'vitest';
import { signature } from '../../../../../infra/local/gateway/rpc/signature';

const ecs = {
  AccessKeyId: 'testid',
  Action: 'DescribeRegions',
  Format: 'XML',
  SignatureMethod: 'HMAC-SHA1',
  SignatureNonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf',
  SignatureVersion: '1.0',
  Timestamp: '2016-02-23T12:46:24Z',
  Version: '2014-05-26',
};

test.each([
  ['GET', 'OLeaidS1JvxuMvnyHOwuJ+uX5qY='],
  ['POST', 'MxbnVAM4w6sft9xjVpe/GCKueuk='],
])('method=%s of the ECS DescribeRegions example [documented]', (method, expected) => {
  expect(signature({ method, parameters: Object.entries(ecs) }, 'testsecret')).toBe(expected);
});

test('the signature itself is not signed, and the order of parameters is free [documented]', () => {
  const parameters: [string, string][] = [['Signature', 'x'], ...Object.entries(ecs).reverse()];
  expect(signature({ method: 'GET', parameters }, 'testsecret')).toBe('OLeaidS1JvxuMvnyHOwuJ+uX5qY=');
});
