import type { AccessRequest } from '../../../../infra/local/ram/authorize';

export const accountId = '1234567890123456';
export const region = 'cn-hangzhou';
export const root = `acs:ram::${accountId}:root`;
export const session = (role: string) => `acs:sts::${accountId}:assumed-role/${role}/fc-1`;

/** A GetObject of `bucket/a` by the role `reader`, unless told otherwise. */
export const request = (changes: Partial<AccessRequest> = {}): AccessRequest => ({
  principal: session('reader'),
  action: 'oss:GetObject',
  resource: `acs:oss:*:${accountId}:bucket/a`,
  conditions: {},
  ...changes,
});

/** A policy document of one statement that allows GetObject on everything in `bucket`, unless told otherwise. */
export const document = (...statements: Record<string, unknown>[]) => ({
  Version: '1',
  Statement: (statements.length > 0 ? statements : [{}]).map((changes) => ({
    Effect: 'Allow',
    Action: ['oss:GetObject'],
    Resource: ['acs:oss:*:*:bucket/*'],
    ...changes,
  })),
});

/** A template with the role `reader`, trusted by Function Compute, and this policy on it. */
export const template = (policy: unknown = document(), more: Record<string, unknown> = {}) =>
  JSON.stringify({
    ROSTemplateFormatVersion: '2015-09-01',
    Resources: {
      Reader: { Type: 'ALIYUN::RAM::Role', Properties: { RoleName: 'reader', ...trust('fc.aliyuncs.com') } },
      Policy: {
        Type: 'ALIYUN::RAM::ManagedPolicy',
        Properties: {
          PolicyName: 'reader',
          PolicyDocument: policy,
          Roles: [{ 'Fn::GetAtt': ['Reader', 'RoleName'] }],
        },
      },
    },
    ...more,
  });

const trust = (service: string) => ({
  AssumeRolePolicyDocument: {
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: [service] } }],
  },
});
