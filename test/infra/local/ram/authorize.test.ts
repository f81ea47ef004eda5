import { describe, expect, test } from 'vitest';
import { createAuthorize } from '../../../../infra/local/ram/authorize';
import { bucketPolicy } from '../../../../infra/local/ram/policy';
import { decideByResource } from '../../../../infra/local/ram/resource-policy';
import { readRoles } from '../../../../infra/local/ram/roles';
import { accountId, document, region, request, root, session, template } from './specimen';

const authorize = createAuthorize(readRoles(template(), { accountId, region }), accountId);

describe('principals [documented]', () => {
  test('the account itself may do everything', () => {
    expect(authorize(request({ principal: root, action: 'kms:Decrypt', resource: 'acs:kms:x' }))).toBe(
      'allowed',
    );
  });

  test("a role's session and the role may do what is attached to the role", () => {
    expect(authorize(request())).toBe('allowed');
    expect(authorize(request({ principal: `acs:ram::${accountId}:role/reader` }))).toBe('allowed');
    expect(authorize(request({ action: 'oss:PutObject' }))).toBe('implicit');
  });

  const strangers = [
    session('writer'),
    session('reader').replace(accountId, '1111111111111111'),
    `acs:ram::${accountId}:user/reader`,
    'anonymous',
    '',
  ];
  test.each(strangers)('%j may do nothing', (principal) => {
    expect(authorize(request({ principal }))).toBe('implicit');
  });
});

describe('trust', () => {
  const assume = (principal: string, role: string) =>
    authorize(
      request({ principal, action: 'sts:AssumeRole', resource: `acs:ram::${accountId}:role/${role}` }),
    );

  test('a role is assumed by the service that it trusts [documented]', () => {
    expect(assume('fc.aliyuncs.com', 'reader')).toBe('allowed');
    expect(assume('oss.aliyuncs.com', 'reader')).toBe('implicit');
  });

  test('nobody is kept from a role that is not declared: it may do nothing [assumed]', () => {
    expect(assume('fc.aliyuncs.com', 'stranger')).toBe('allowed');
    expect(authorize(request({ principal: session('stranger') }))).toBe('implicit');
  });
});

describe('policies of a bucket [documented]', () => {
  const decided = (statement: Record<string, unknown>, changes = {}) =>
    decideByResource(
      bucketPolicy(document({ Principal: ['*'], ...statement }), 'policy'),
      request(changes),
      root,
    );
  const TLS = { Bool: { 'acs:SecureTransport': ['false'] } };
  const insecure = { conditions: { 'acs:SecureTransport': 'false' } };

  test('* without a condition is everybody but the owner', () => {
    expect(decided({ Effect: 'Deny' })).toBe('explicit');
    expect(decided({ Effect: 'Deny' }, { principal: root })).toBe('implicit');
  });

  test('* with a condition is everybody: a Deny of plain HTTP holds for the owner too', () => {
    const deny = { Effect: 'Deny', Condition: TLS };
    expect(decided(deny, { ...insecure, principal: root })).toBe('explicit');
    expect(decided(deny, insecure)).toBe('explicit');
    expect(decided(deny, { conditions: { 'acs:SecureTransport': 'true' } })).toBe('implicit');
  });

  const rows: [principal: string[], decision: string][] = [
    [[], 'allowed'],
    [[`arn:sts::${accountId}:assumed-role/reader/*`], 'allowed'],
    [[`arn:sts::${accountId}:assumed-role/writer/*`], 'implicit'],
    [[accountId], 'implicit'],
    [['1111111111111111', `arn:sts::${accountId}:assumed-role/reader/fc-1`], 'allowed'],
  ];
  test.each(rows)('Principal %j: %s', (Principal, decision) => {
    expect(decided({ Principal })).toBe(decision);
  });

  test('Principal is needed', () => {
    expect(() => bucketPolicy(document(), 'policy')).toThrow('policy.Statement[0].Principal is missing');
  });
});
