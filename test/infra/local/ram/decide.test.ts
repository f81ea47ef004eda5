import { describe, expect, test } from 'vitest';
import type { AccessRequest } from '../../../../infra/local/ram/authorize';
import { decide } from '../../../../infra/local/ram/decide';
import { identityPolicy } from '../../../../infra/local/ram/policy';
import { accountId, document, request } from './specimen';

const decided = (statements: Record<string, unknown>[], changes: Partial<AccessRequest> = {}) =>
  decide([identityPolicy(document(...statements), 'policy')], request(changes));

const DENY = { Effect: 'Deny' };

describe('what policies say together [documented]', () => {
  test('an Allow allows, without one nothing is allowed', () => {
    expect(decided([{}])).toBe('allowed');
    expect(decided([{ Action: ['oss:PutObject'] }])).toBe('implicit');
    expect(decide([], request())).toBe('implicit');
  });

  test('a Deny beats every Allow, in whichever policy and order', () => {
    expect(decided([{}, DENY])).toBe('explicit');
    expect(decided([DENY, {}])).toBe('explicit');
    const [allow, deny] = [document(), document(DENY)].map((policy) => identityPolicy(policy, ''));
    expect(decide([deny ?? [], allow ?? []], request())).toBe('explicit');
  });
});

describe('actions [documented]', () => {
  const rows: [pattern: string, action: string, fits: boolean][] = [
    ['oss:*', 'oss:GetObject', true],
    ['*', 'oss:GetObject', true],
    ['oss:Get*', 'oss:GetObjectTagging', true],
    ['oss:GetObject', 'oss:GetObjectTagging', false],
    ['oss:Get?bject', 'oss:GetObject', true],
    ['oss:getobject', 'oss:GetObject', true],
    ['kms:*', 'oss:GetObject', false],
  ];
  test.each(rows)('%s for %s: %s', (Action, action, fits) => {
    expect(decided([{ Action }], { action })).toBe(fits ? 'allowed' : 'implicit');
  });

  test('NotAction is every other action', () => {
    expect(decided([{ Action: undefined, NotAction: ['oss:Put*'] }])).toBe('allowed');
    expect(decided([{ Action: undefined, NotAction: ['oss:Get*'] }])).toBe('implicit');
  });
});

describe('resources [documented]', () => {
  const object = (key: string) => `acs:oss:*:${accountId}:bucket/${key}`;
  const rows: [pattern: string, resource: string, fits: boolean][] = [
    ['*', object('a'), true],
    ['acs:oss:*:*:bucket/*', object('a/b/c'), true],
    ['acs:oss:*:*:bucket/*', object(''), true],
    ['acs:oss:*:*:bucket/*', 'acs:oss:*:1:bucket', false],
    ['acs:oss:*:*:bucket', object('a'), false],
    ['acs:oss:*:*:bucket*', object('a'), true],
    ['acs:oss:*:*:bucket/a?c', object('abc'), true],
    ['acs:oss:*:*:bucket/a?c', object('ac'), false],
    ['acs:oss:*:*:bucket/a.c', object('abc'), false],
    ['acs:oss:*:*:bucket/a(b)[c]+', object('a(b)[c]+'), true],
    ['acs:oss:*:*:bucket/A', object('a'), false],
    ['acs:oss:*:*:bucket/*', object('line\nfeed'), true],
    ['acs:oss:*:*:bucket/?', object('🔐'), true],
    ['acs:oss:oss-cn-hangzhou:*:bucket/*', object('a'), false],
    [`acs:oss:*:${accountId}:bucket/*`, object('a'), true],
    ['acs:oss:*:1111111111111111:bucket/*', object('a'), false],
  ];
  test.each(rows)('%s for %j: %s', (Resource, resource, fits) => {
    expect(decided([{ Resource }], { resource })).toBe(fits ? 'allowed' : 'implicit');
  });

  test('NotResource is every other resource', () => {
    expect(decided([{ Resource: undefined, NotResource: ['acs:oss:*:*:other/*'] }])).toBe('allowed');
    expect(decided([{ Resource: undefined, NotResource: ['acs:oss:*:*:bucket/*'] }])).toBe('implicit');
  });

  test('a pattern of many stars is decided at once', () => {
    const Resource = `acs:oss:*:*:bucket/${'*a'.repeat(30)}b`;
    expect(decided([{ Resource }], { resource: object('a'.repeat(60)) })).toBe('implicit');
  });
});
