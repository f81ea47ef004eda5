import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createAttachments } from '../../../../infra/local/ros/attachments';
import { newFolder } from '../new-folder';
import { accountId, document, region, request, root, template } from '../ram/specimen';

async function open() {
  const file = join(await newFolder(), 'template.yaml');
  await writeFile(file, template());
  return { ...createAttachments({ template: file, accountId, region }), file };
}

test('until the template is attached a role may do nothing, the account everything [assumed]', async () => {
  const { authorize, attachOnce } = await open();
  expect(authorize?.(request())).toBe('implicit');
  expect(authorize?.(request({ principal: root }))).toBe('allowed');
  await attachOnce();
  expect(authorize?.(request())).toBe('allowed');
});

test('attaching again takes what the template says by then; a deployment leaves it as it is [assumed]', async () => {
  const { authorize, attach, attachOnce, file } = await open();
  await attach({});
  await writeFile(file, template(document({ Action: 'oss:PutObject' })));
  await attachOnce();
  expect(authorize?.(request())).toBe('allowed');
  await attach({});
  expect(authorize?.(request())).toBe('implicit');
});

test('a template that cannot be read changes nothing [assumed]', async () => {
  const { authorize, attach, file } = await open();
  await attach({});
  await writeFile(file, '{}');
  await expect(attach({})).rejects.toThrow('Cannot read the template: ');
  expect(authorize?.(request())).toBe('allowed');
});

test('without a template nobody is asked [assumed]', async () => {
  const { authorize, attach } = createAttachments({ accountId, region });
  await attach({ any: 'thing' });
  expect(authorize).toBeUndefined();
});
