import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Seed } from '../../infra/local/seed';
import { localCloudOf } from '../../infra/run/running';
import type { Bench } from '../deployment';
import { optionsAt } from './command';

const KEYS = { accessKeyId: 'of-the-operator', accessKeySecret: 'secret-of-the-operator' };

/** A role that has what is attached to operators, and nothing else. */
const ROLE = `
  Operator:
    Type: ALIYUN::RAM::Role
    Properties:
      RoleName: operator
      AssumeRolePolicyDocument:
        Version: '1'
        Statement:
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {RAM: ['acs:ram::1234567890123456:root']}}
`;

/** For `deployBench`: the template with `oss-envelope-operator` attached to a role, and keys of that role. */
export async function operatorsTemplate(): Promise<{ template: string; seed: Seed }> {
  const text = await readFile('infra/template.yaml', 'utf8');
  const attached = text
    .replace(/(Fn::Sub: \$\{Name\}-operator\n)/, '$1      Roles: [Fn::GetAtt: [Operator, RoleName]]\n')
    .replace('\nResources:\n', `\nResources:${ROLE}`);
  const template = join(await mkdtemp(join(tmpdir(), 'operator-')), 'template.yaml');
  await writeFile(template, attached);
  return { template, seed: { accessKeys: [{ ...KEYS, role: 'operator' }] } };
}

/** The options that lead the command line to a bench, as that role. */
export async function operatorsOptions({ data, cloud, fc }: Bench): Promise<string[]> {
  const folder = await mkdtemp(join(data, 'operator-'));
  return [...(await optionsAt(folder, { ...localCloudOf(cloud, fc), credentials: KEYS })), '--json'];
}
