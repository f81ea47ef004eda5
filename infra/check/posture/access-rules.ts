import { ANY, BUCKET, POLICY, ROLE, type Rule } from './rule';
import { at, type Built, statementsAt } from './world';

const encrypt = 'Resources.EncryptPolicy.Properties';
const role = 'Resources.EncryptRole.Properties';
const cors = 'Resources.Downloads.Properties.CORSConfiguration.Fn::If.1.CORSRule.0';

/** Of who may do what. */
export const accessRules: Rule[] = [
  {
    named: 'CIS 1.15, ram-policy-no-statements-with-admin-access-check',
    says: 'no policy has an action with a wildcard',
    type: POLICY,
    keeps: (policy) =>
      statementsAt(policy, 'PolicyDocument').every(({ Action }) => !/[*?]/.test(Action.join())),
    broken: [
      [`${encrypt}.PolicyDocument.Statement.0.Action.0`, 'oss:Get*'],
      [`${encrypt}.PolicyDocument.Statement.0.Action`, ['*']],
    ],
  },
  {
    named: 'ram-role-no-product-admin-access',
    says: 'a policy names its bucket, key, queue or function; behind a bucket or a function all that is below',
    type: POLICY,
    keeps: (policy) =>
      statementsAt(policy, 'PolicyDocument').every(({ Resource }) => Resource.every(isNamed)),
    broken: [
      [`${encrypt}.PolicyDocument.Statement.0.Resource`, ['*']],
      [`${encrypt}.PolicyDocument.Statement.0.Resource`, ['acs:oss:*:*:*']],
      [`${encrypt}.PolicyDocument.Statement.0.Resource`, ['acs:oss:*:1234567890123456:oss-envelope-*/*']],
      [`${encrypt}.PolicyDocument.Statement.0.Resource`, ['acs:kms:*:1234567890123456:key/*']],
    ],
  },
  {
    named: 'ours: NotAction, NotResource',
    says: 'a policy says what is allowed, not what is not',
    type: POLICY,
    keeps: (policy) => !/"Not(Action|Resource)"/.test(JSON.stringify(at(policy, 'PolicyDocument'))),
    broken: [[`${encrypt}.PolicyDocument.Statement.0.NotResource`, ['acs:oss:*:1234567890123456:x']]],
  },
  {
    named: 'CIS 1.16',
    says: 'policies are attached to roles, or left to groups; to no user',
    type: POLICY,
    keeps: (policy) => at(policy, 'Users') === undefined,
    broken: [[`${encrypt}.Users`, ['somebody']]],
  },
  {
    named: 'ours: PolicyDocumentUnchecked',
    says: 'every document is read by ROS before RAM',
    type: POLICY,
    keeps: (policy) => at(policy, 'PolicyDocumentUnchecked') === undefined,
    broken: [[`${encrypt}.PolicyDocumentUnchecked`, { Version: '1', Statement: [] }]],
  },
  {
    named: 'ours: IgnoreExisting, DeletionForce',
    says: 'what has the same name already is not taken over, what is not empty is not deleted',
    type: ANY,
    keeps: ({ properties }) => !/"(IgnoreExisting|DeletionForce)":true/.test(JSON.stringify(properties)),
    broken: [
      [`${encrypt}.IgnoreExisting`, true],
      ['Resources.Vault.Properties.DeletionForce', true],
    ],
  },
  {
    named: 'ours: PolicyAttachments',
    says: 'a role has no policy that is not in the template',
    type: ROLE,
    keeps: (one) => at(one, 'PolicyAttachments') === undefined && at(one, 'Policies') === undefined,
    broken: [[`${role}.PolicyAttachments`, { System: ['AliyunOSSFullAccess'] }]],
  },
  {
    named: 'ours: trust',
    says: 'a role is assumed by Function Compute or by OSS and by nobody else',
    type: ROLE,
    keeps: (one) =>
      statementsAt(one, 'AssumeRolePolicyDocument').every(({ Principal }) =>
        /^\{"Service":\["(fc|oss)\.aliyuncs\.com"\]\}$/.test(JSON.stringify(Principal)),
      ),
    broken: [
      [`${role}.AssumeRolePolicyDocument.Statement.0.Principal`, { RAM: ['acs:ram::1234567890123456:root'] }],
      [
        `${role}.AssumeRolePolicyDocument.Statement.0.Principal.Service`,
        ['fc.aliyuncs.com', 'ecs.aliyuncs.com'],
      ],
    ],
  },
  {
    named: 'oss-bucket-policy-no-any-anonymous',
    says: "a bucket's policy allows nobody anything",
    type: BUCKET,
    keeps: (bucket) => statementsAt(bucket, 'Policy').every(({ Effect }) => Effect === 'Deny'),
    broken: [['Resources.Downloads.Properties.Policy.Statement.0.Effect', 'Allow']],
  },
  {
    named: 'ours: CORS',
    says: 'scripts of named origins read downloads; no script reads another bucket, and none writes',
    type: BUCKET,
    keeps: (bucket) => corsRules(bucket).every((rule) => bucket.id === 'Downloads' && onlyReads(rule)),
    broken: [
      [`${cors}.AllowedOrigin`, ['*']],
      [`${cors}.AllowedOrigin`, ['https://*.example.com']],
      [`${cors}.AllowedMethod`, ['GET', 'PUT']],
      [
        'Resources.Vault.Properties.CORSConfiguration',
        { CORSRule: [{ AllowedMethod: ['GET'], AllowedOrigin: ['https://app.example.com'] }] },
      ],
    ],
  },
];

type CorsRule = { AllowedOrigin: string[]; AllowedMethod: string[] };

function corsRules(bucket: Built): CorsRule[] {
  return (at(bucket, 'CORSConfiguration.CORSRule') ?? []) as CorsRule[];
}

function onlyReads({ AllowedOrigin, AllowedMethod }: CorsRule): boolean {
  return !/[*]/.test(AllowedOrigin.join()) && AllowedMethod.every((method) => /^(GET|HEAD)$/.test(method));
}

/** `*` stands for the region of OSS, which its resources have no other of, or at the very end behind a whole name. */
function isNamed(resource: string): boolean {
  const rest = resource.replace(/^acs:oss:\*:/, 'acs:oss::').replace(/\/\*$/, '');
  return /^acs:\w+:[\w-]*:\d{16}:.+/.test(rest) && !/[*?]/.test(rest);
}
