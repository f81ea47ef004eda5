import { describe, expect, test } from 'vitest';
import { failure } from '../../oss/client';
import { at, plain } from './scratch';

const { client } = plain;
const link = at('link');

describe('a symbolic link', () => {
  test('is followed by GET [documented]', async () => {
    await client.put(at('target ü'), Buffer.from('hello'));
    await client.putSymlink(link, at('target ü'));
    expect((await client.get(link)).content.toString()).toBe('hello');
    expect((await client.getSymlink(link)).targetName).toBe(at('target ü'));
  });

  test('HEAD and the list say what it is [documented]', async () => {
    await client.put(at('target ü'), Buffer.from('hello'));
    await client.putSymlink(link, at('target ü'));
    expect((await client.head(link)).res.headers['x-oss-object-type']).toBe('Symlink');
    const { objects } = await client.listV2({ prefix: link });
    expect(objects[0]).toMatchObject({ type: 'Symlink', size: 0 });
  });

  test('may lead nowhere, which GET tells [documented]', async () => {
    expect((await client.putSymlink(link, at('nowhere'))).res.status).toBe(200);
    expect(await failure(client.get(link))).toMatchObject({ status: 404, code: 'SymlinkTargetNotExist' });
  });

  test('GetSymlink of another object is refused [documented]', async () => {
    await client.put(at('no-link'), Buffer.from('hello'));
    expect(await failure(client.getSymlink(at('no-link')))).toMatchObject({
      status: 400,
      code: 'NotSymlink',
    });
  });
});
