import { ListAliasesRequest } from '@alicloud/kms20160120';
import { expect, test } from 'vitest';
import { refusal, runKms, standingTime } from '../running-kms';

test('what is above the limit of a second is throttled, by action [documented]', async () => {
  const { move, ...time } = standingTime();
  const { client, call, close } = await runKms({
    ...time,
    qps: (action) => (action === 'ListAliases' ? 3 : undefined),
  });
  const list = () => client.listAliases(new ListAliasesRequest({}));
  for (const _ of [1, 2, 3]) await list();
  expect(await refusal(list())).toEqual({
    code: 'Rejected.Throttling',
    status: 429,
    message: 'QPS Limit Exceeded',
  });
  expect((await call({ Action: 'ListKeys' })).status).toBe(200);
  move(1000);
  await list();
  await close();
});

test('without limits nothing is throttled [assumed]', async () => {
  const { call, close } = await runKms(standingTime());
  const answers = await Promise.all(Array.from({ length: 100 }, () => call({ Action: 'ListKeys' })));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  await close();
});
