import { randomUUID } from 'node:crypto';
import Client from '@alicloud/kms20160120';
import { Config } from '@alicloud/rpc-client';
import { signature } from '../../../../infra/local/gateway/rpc/signature';
import { type KmsOptions, startKms } from '../../../../infra/local/kms/server';
import { type Credentials, createAccessKeys } from '../../../../infra/local/ram/credentials';
import { newFolder } from '../new-folder';

export const accountId = '1234567890123456';
export const region = 'cn-hangzhou';

export type RunningKmsOptions = Partial<
  Pick<KmsOptions, 'authorize' | 'clientTime' | 'data' | 'hooks' | 'now' | 'qps' | 'seed'>
>;
export type RunningKms = Awaited<ReturnType<typeof runKms>>;

/** A KMS of its own on any free port, with the real client of the account's own key. */
export async function runKms({ data, now = Date.now, ...options }: RunningKmsOptions = {}) {
  const folder = data ?? (await newFolder());
  const accessKeys = await createAccessKeys({ data: folder, accountId, now });
  const kms = await startKms({ data: folder, accessKeys, accountId, region, now, ...options });

  function clientOf({ accessKeyId, accessKeySecret, securityToken }: Credentials) {
    const endpoint = `127.0.0.1:${kms.port}`;
    const token = securityToken === undefined ? {} : { securityToken };
    return new Client(
      new Config({ accessKeyId, accessKeySecret, ...token, endpoint, protocol: 'HTTP', regionId: region }),
    );
  }

  /** Sends exactly these parameters, after the common ones and a correct signature. */
  async function call(
    own: Record<string, string>,
    { method = 'POST', credentials = accessKeys.root, form = false } = {},
  ) {
    const query = signedQuery(own, { method, credentials, now });
    const url = form ? kms.endpoint : `${kms.endpoint}/?${query}`;
    const response = await fetch(url, { method, ...(form && { body: new URLSearchParams(query) }) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  return { ...kms, data: folder, accessKeys, client: clientOf(accessKeys.root), clientOf, call };
}

type Signing = { method: string; credentials: Credentials; now: () => number };

export function signedQuery(own: Record<string, string>, { method, credentials, now }: Signing): string {
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const parameters = new Map(
    Object.entries({
      AccessKeyId: accessKeyId,
      Format: 'JSON',
      SignatureMethod: 'HMAC-SHA1',
      SignatureNonce: randomUUID(),
      SignatureVersion: '1.0',
      Timestamp: `${new Date(now()).toISOString().slice(0, 19)}Z`,
      Version: '2016-01-20',
      ...(securityToken && { SecurityToken: securityToken }),
      ...own,
    }),
  );
  parameters.set('Signature', signature({ method, parameters }, accessKeySecret));
  return new URLSearchParams([...parameters]).toString();
}

/** A time that stands still on a full second, and can be moved. */
export function standingTime() {
  let time = Math.floor(Date.now() / 1000) * 1000;
  const now = () => time;
  const move = (ms: number) => {
    time += ms;
  };
  // The real client signs with a clock of its own, which nobody moves.
  return { now, move, clientTime: now };
}

/** What the real client throws, reduced to what KMS said. */
export async function refusal(
  failing: Promise<unknown>,
): Promise<{ code: string; status: number; message: string }> {
  const error = await failing.then(
    () => new Error('nothing was thrown'),
    (thrown: Error & { data?: { Code: string; HttpStatus: number; Message: string } }) => thrown,
  );
  if (!('data' in error) || !error.data) throw error;
  return { code: error.data.Code, status: error.data.HttpStatus, message: error.data.Message };
}
