import { describe, expect, test } from 'vitest';
import { plainMediaType } from '../../functions/media-type';

describe('plainMediaType', () => {
  test.each([
    ['image/png', 'image/png'],
    ['Image/PNG', 'image/png'],
    ['application/vnd.ms-excel+x', 'application/vnd.ms-excel+x'],
    ['text/plain;charset=utf-8', 'text/plain'],
    ['text/plain ;\tcharset="UTF-8"', 'text/plain'],
    ['Text/CSV; charset=us-ascii', 'text/csv'],
  ])('%j', (given, type) => {
    expect(plainMediaType(given)).toBe(type);
  });

  test.each([
    '',
    'image',
    'image/',
    '/png',
    'image/png/a',
    ' image/png',
    'image/png ',
    'image/ png',
    '\u00a0image/png',
    '\ufeffimage/png',
    'image/png\u3000',
    'image/png\u0085',
    'image/png\n',
    'image/x-\u212aodak',
    'image/\u017fvg',
    'ｉmage/png',
    'image/png,text/html',
    'image/png;charset=utf-8',
    'image/png; a=b',
    'image/png;',
    'text/plain;charset=utf-7',
    'text/plain;charset=utf-8;charset=utf-7',
    'text/plain;charset=utf-8 ',
    'text/plain;charset="utf-8',
    'text/plain;charset=utf-\u212a',
    'text/plain;charset*=utf-8',
    'text/plain;\u00a0charset=utf-8',
    'text/plain;format=flowed',
  ])('%j is none', (given) => {
    expect(plainMediaType(given)).toBeUndefined();
  });
});
