import { expect, test } from 'vitest';
import { multipartETag } from '../../../../../infra/local/oss/store/uploads';

// BingWallpaper-2015-11-07.jpg of the Go SDK in parts of 100 KB; its download_test.go knows the ETag.
const md5s = [
  '251AD9D223371CF6380544DF72E106CB',
  '215A888785362D10E3F5204BFAB1EEDF',
  '547DF973F1622420B4D20B5E7C6D329C',
  'B820869246C889A0AD3C54043F2B7E05',
  'BCCAB4D694301EB00A03686D12F331A7',
];

test("the ETag of a known file in known parts [observed in an official SDK's tests]", () => {
  const parts = md5s.map((eTag) => ({ eTag }));
  expect(multipartETag(parts)).toBe('2351E662233817A7AE974D8C5B0876DD-5');
});
