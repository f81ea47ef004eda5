import { expect, test } from 'vitest';
import { acs3Signature } from '../../../../infra/local/gateway/acs3-signature';

test('the known answer for an HTTP trigger [documented]', () => {
  const request = {
    method: 'POST',
    path: '/2016-08-15/proxy/invokes/%24LATEST',
    query: 'x=a%20b&qualifier=LATEST',
    headers: { 'x-acs-date': '2026-08-23T00:00:00.000Z', 'content-type': 'application/json' },
  };
  const key = { signedHeaders: ['content-type', 'x-acs-date'], accessKeySecret: 'test-secret' };
  expect(acs3Signature(request, key)).toBe(
    'e526e825fa7f418c98d130e72ce4f4a0e8f3ef8f0e06f0c8083da00518c8bdaf',
  );
});
