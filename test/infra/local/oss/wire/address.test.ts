import { describe, expect, test } from 'vitest';
import { addressOf } from '../../../../../infra/local/oss/wire/address';

const inHost = ['inbox.oss-cn-hangzhou.aliyuncs.com', 'inbox.oss-cn-hangzhou-internal.aliyuncs.com:8080'];

describe('how a request is addressed', () => {
  test.each([
    ...inHost.map((host) => [host, '/a/b', 'inbox', 'a/b']),
    ['inbox.localhost:8080', '/a/b', 'inbox', 'a/b'],
    ['localhost:8080', '/inbox/a/b', 'inbox', 'a/b'],
    ['localhost', '/inbox/', 'inbox', ''],
    ['localhost', '/inbox', 'inbox', ''],
    ['localhost', '/', '', ''],
    ['127.0.0.1:8080', '/inbox/a', 'inbox', 'a'],
    ['oss-cn-hangzhou.aliyuncs.com', '/', '', ''],
    ['.oss-cn-hangzhou.aliyuncs.com', '/', '', ''],
  ])('host=%s path=%s [documented]', (host, path, bucket, key) => {
    expect(addressOf({ host, path, boundTo: undefined })).toEqual({ bucket, key });
  });

  test.each([
    ['a+b', 'a b'],
    ['a%2Bb', 'a+b'],
    ['a%20b', 'a b'],
    ['%E4%BD%A0', '你'],
    ['a//b', 'a//b'],
    ['a/../b', 'a/../b'],
    ['%2541', '%41'],
  ])("path=%s is key=%s [observed in an official SDK's tests]", (path, key) => {
    expect(addressOf({ host: 'inbox.localhost', path: `/${path}`, boundTo: undefined }).key).toBe(key);
  });

  test('on a custom domain the whole path is the key [documented]', () => {
    const target = { host: 'files.example.com', path: '/inbox/a', boundTo: 'vault' };
    expect(addressOf(target)).toEqual({ bucket: 'vault', key: 'inbox/a' });
  });

  test('path style is refused under an OSS endpoint [documented]', () => {
    const target = { host: 'oss-cn-hangzhou.aliyuncs.com', path: '/inbox/a', boundTo: undefined };
    expect(() => addressOf(target)).toThrow(
      expect.objectContaining({ code: 'SecondLevelDomainForbidden', status: 403 }),
    );
  });

  test('a path that is no UTF-8 names no object [documented]', () => {
    const target = { host: 'inbox.localhost', path: '/%ff', boundTo: undefined };
    expect(() => addressOf(target)).toThrow(expect.objectContaining({ code: 'InvalidObjectName' }));
  });
});
