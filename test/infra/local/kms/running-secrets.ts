import {
  CreateSecretRequest,
  DescribeSecretRequest,
  GetSecretValueRequest,
  ListSecretVersionIdsRequest,
  PutSecretValueRequest,
} from '@alicloud/kms20160120';
import { refusal, runKms, standingTime } from './running-kms';

export type RunningSecrets = Awaited<ReturnType<typeof runSecrets>>;

/** A KMS with a clock that stands, and short ways to its secrets. */
export async function runSecrets() {
  const { move, ...time } = standingTime();
  const kms = await runKms(time);
  const { client } = kms;
  let count = 0;

  /** A secret of its own, in version v1 with the value `one`. */
  async function newSecret(more: object = {}) {
    const secretName = `app/secret-${++count}`;
    const first = { secretName, versionId: 'v1', secretData: 'one' };
    const made = await client.createSecret(new CreateSecretRequest({ ...first, ...more }));
    return { secretName, made };
  }

  /** Each version's id and its stages, oldest first. */
  async function versions(secretName: string, includeDeprecated = 'true') {
    const asked = new ListSecretVersionIdsRequest({ secretName, includeDeprecated });
    const { versionIds } = await client.listSecretVersionIds(asked);
    return versionIds.versionId.map((one) => [one.versionId, ...one.versionStages.versionStage]);
  }

  return {
    ...{ kms, time, move, newSecret, versions },
    value: (asked: object) => client.getSecretValue(new GetSecretValueRequest(asked)),
    put: (asked: object) => client.putSecretValue(new PutSecretValueRequest(asked)),
    describeSecret: (asked: object) => client.describeSecret(new DescribeSecretRequest(asked)),
  };
}

export const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code;
