import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import Client, { CreateKeyRequest, ListAliasesRequest } from '@alicloud/kms20160120';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../../../infra/local/gateway/hooks';
import { ACTIONS } from '../../../../infra/local/kms/actions';
import { startKms } from '../../../../infra/local/kms/server';
import { KmsError } from '../../../../infra/local/kms/wire/errors';
import { accountId, refusal, region, runKms } from './running-kms';

describe('actions that are not there', () => {
  test.each(['CreateCertificate', 'RotateSecret', 'Nonsense', 'constructor'])(
    'Action=%s answers UnsupportedOperation and is named [assumed]',
    async (Action) => {
      const kms = await runKms();
      const { status, body } = await kms.call({ Action });
      await kms.close();
      expect({ status, Code: body.Code }).toEqual({ status: 400, Code: 'UnsupportedOperation' });
      expect(body.Message).toBe(`This action is not supported. The local cloud has no action ${Action}.`);
    },
  );

  test('every action of the client is there [documented]', async () => {
    const methods = Object.getOwnPropertyNames(Client.prototype).filter(
      (name) => `${name}Ex` in Client.prototype,
    );
    const actions = methods.map((name) => name.replace(/^./, (first) => first.toUpperCase()));
    expect(actions.filter((action) => !ACTIONS.has(action))).toEqual([]);
    expect(actions).toHaveLength(45);
  });
});

describe('hooks', () => {
  test('see the call without its secrets [assumed]', async () => {
    const calls: Call[] = [];
    const kms = await runKms({ hooks: { before: (call) => void calls.push(call) } });
    const credentials = kms.accessKeys.assumeRole(`acs:ram::${accountId}:role/fc-encrypt`);
    await kms.clientOf(credentials).listAliases(new ListAliasesRequest({ pageSize: 5 }));
    await kms.close();
    expect(calls).toMatchObject([
      { service: 'kms', operation: 'ListAliases', query: { PageSize: '5' }, principal: credentials.arn },
    ]);
    expect(JSON.stringify(calls)).not.toContain(credentials.securityToken);
  });

  test('a KmsError from before is the answer, and nothing is applied [assumed]', async () => {
    const kms = await runKms({
      hooks: {
        before: () => {
          throw new KmsError('Rejected.Throttling');
        },
      },
    });
    const failing = kms.client.createKey(new CreateKeyRequest({}));
    expect(await refusal(failing)).toMatchObject({ code: 'Rejected.Throttling', status: 429 });
    expect(await readdir(join(kms.data, 'kms', 'keys'))).toEqual([]);
    await kms.close();
  });

  test.each([new Error('cut'), new KmsError('InternalFailure')])(
    '%s from after loses the answer to what was applied [assumed]',
    async (error) => {
      const kms = await runKms({
        hooks: {
          after: () => {
            throw error;
          },
        },
      });
      await expect(kms.client.createKey(new CreateKeyRequest({}))).rejects.toThrow(
        /socket hang up|ECONNRESET/,
      );
      expect(await readdir(join(kms.data, 'kms', 'keys'))).toHaveLength(1);
      await kms.close();
    },
  );
});

test('a port in use is an EADDRINUSE [assumed]', async () => {
  const { port, data, accessKeys, close } = await runKms();
  const second = startKms({ data, accessKeys, accountId, region, now: Date.now, port });
  await expect(second).rejects.toThrow(/EADDRINUSE/);
  await close();
});
