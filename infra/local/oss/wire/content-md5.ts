import { OssError } from './errors';

/** What Content-MD5 announces, in upper-case hex. Throws InvalidDigest when it is no MD5 in base64. */
export function expectedMd5(headers: Readonly<Record<string, string>>): string | undefined {
  const given = headers['content-md5'];
  if (given === undefined) return undefined;
  const md5 = Buffer.from(given, 'base64');
  if (md5.length === 16 && md5.toString('base64') === given.trim()) return md5.toString('hex').toUpperCase();
  throw new OssError('InvalidDigest', { message: 'The Content-MD5 you specified was invalid.' });
}
