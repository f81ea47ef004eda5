import { describe, expect, test } from 'vitest';
import { createAuthorize } from '../../../../infra/local/ram/authorize';
import { readRoles } from '../../../../infra/local/ram/roles';
import { accountId, document, region, request, template } from './specimen';

const read = (yaml: string, parameters?: Record<string, string>) =>
  readRoles(yaml, { accountId, region, ...(parameters && { parameters }) });

const allowsOn = (resource: unknown, more: object = {}, parameters?: Record<string, string>) =>
  createAuthorize(
    read(template(document({ Resource: [resource] }), { ...more }), parameters),
    accountId,
  )(request());

describe('functions and parameters of a template [documented]', () => {
  const Bucket = { Parameters: { Bucket: { Type: 'String', Default: 'bucket' } } };
  const rows: [resource: unknown, decision: string][] = [
    [{ 'Fn::Sub': `acs:oss:*:\${ALIYUN::TenantId}:\${Bucket}/*` }, 'allowed'],
    [{ 'Fn::Sub': `acs:oss:*:\${ALIYUN::AccountId}:\${Bucket}/*` }, 'allowed'],
    [{ 'Fn::Sub': [`acs:oss:*:*:\${Name}/*`, { Name: { Ref: 'Bucket' } }] }, 'allowed'],
    [{ 'Fn::Sub': `acs:oss:*:*:\${!Bucket}/*` }, 'implicit'],
    [{ 'Fn::Sub': `acs:oss:\${ALIYUN::Region}:*:bucket/*` }, 'implicit'],
    [{ 'Fn::Join': ['/', ['acs:oss:*:*:bucket', '*']] }, 'allowed'],
    [{ 'Fn::Join': ['', ['acs:oss:*:*:', { Ref: 'Bucket' }, '/a']] }, 'allowed'],
  ];
  test.each(rows)('%j: %s', (resource, decision) => {
    expect(allowsOn(resource, Bucket)).toBe(decision);
  });

  test('a parameter that is given takes the place of its default', () => {
    const resource = { 'Fn::Sub': `acs:oss:*:*:\${Bucket}/*` };
    expect(allowsOn(resource, Bucket, { Bucket: 'other' })).toBe('implicit');
  });

  test("a role's name and ARN are its attributes", () => {
    const resource = { 'Fn::Sub': `acs:oss:*:*:bucket/\${Reader.RoleName}` };
    const authorize = createAuthorize(read(template(document({ Resource: [resource] }))), accountId);
    expect(authorize(request({ resource: `acs:oss:*:${accountId}:bucket/reader` }))).toBe('allowed');
    expect(read(template())[0]?.arn).toBe(`acs:ram::${accountId}:role/reader`);
  });
});

describe('what the local cloud does not know is refused by its name [assumed]', () => {
  const resources = (...entries: [string, unknown][]) =>
    JSON.stringify({ ROSTemplateFormatVersion: '2015-09-01', Resources: Object.fromEntries(entries) });
  const rows: [why: string, yaml: string, message: string][] = [
    [
      'a format version',
      template(undefined, { ROSTemplateFormatVersion: '2016' }),
      'ROSTemplateFormatVersion',
    ],
    ['a section', template(undefined, { Mappings: {} }), 'Mappings'],
    ['a resource type', resources(['B', { Type: 'ALIYUN::ECS::Disk' }]), 'ALIYUN::ECS::Disk'],
    ['a function', template(document({ Resource: [{ 'Fn::Select': [0, []] }] })), 'Fn::Select'],
    [
      'an attribute',
      template(document({ Resource: [{ 'Fn::GetAtt': ['Reader', 'RoleId'] }] })),
      'Reader.RoleId',
    ],
    ['a resource', template(document({ Resource: [{ 'Fn::GetAtt': ['Nobody', 'Arn'] }] })), 'Nobody.Arn'],
    ['a parameter', template(document({ Resource: [{ Ref: 'Bucket' }] })), '"Bucket"'],
    ['a parameter in a text', template(document({ Resource: [{ 'Fn::Sub': `\${Bucket}` }] })), 'Bucket'],
    ['a short form', 'ROSTemplateFormatVersion: !Sub x\nResources: {}', 'Unresolved tag: !Sub'],
    ['a condition key', template(document({ Condition: { Bool: { 'acs:Secure': 'true' } } })), 'acs:Secure'],
    ['a principal in a policy of a role', template(document({ Principal: ['*'] })), 'Principal'],
    [
      'a role',
      template().replace('{"Fn::GetAtt":["Reader","RoleName"]}', '"somebody"'),
      'somebody is not a role of the template',
    ],
    [
      'an unchecked document',
      template().replace('"PolicyDocument"', '"PolicyDocumentUnchecked"'),
      'PolicyDocumentUnchecked',
    ],
    ['no YAML', ':\n  - {', 'Cannot read the template'],
  ];
  test.each(rows)('%s', (_, yaml, message) => {
    expect(() => read(yaml)).toThrow(message);
    expect(() => read(yaml)).toThrow('Cannot read the template: ');
  });

  test('a parameter without a value, and one that is not declared', () => {
    const yaml = template(undefined, { Parameters: { KeyId: { Type: 'String' } } });
    expect(() => read(yaml)).toThrow('Parameters.KeyId has no value and no default');
    expect(() => read(template(), { KeyId: 'k' })).toThrow('Parameters has no KeyId');
  });
});

describe('malformed policies are refused [documented]', () => {
  const rows: [statement: Record<string, unknown>, message: string][] = [
    [{ Effect: 'allow' }, 'Effect is not one of Allow, Deny'],
    [{ Action: undefined }, 'Action is missing'],
    [{ Action: [] }, 'Action is missing'],
    [{ Action: ['GetObject'] }, 'Action[0] is not an action'],
    [{ NotAction: ['oss:*'] }, 'Action and its negation are both given'],
    [{ Resource: undefined }, 'Resource is missing'],
    [{ Resource: ['bucket/*'] }, 'Resource[0] is not a resource'],
    [{ Resources: ['*'] }, 'Resources is not a field'],
  ];
  test.each(rows)('%j', (statement, message) => {
    expect(() => read(template(document(statement)))).toThrow(message);
  });

  test('Version is 1', () => {
    expect(() => read(template({ ...document(), Version: '2' }))).toThrow('Version is not one of 1');
  });
});
