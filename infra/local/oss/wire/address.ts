import { OssError } from './errors';

/** What a request is about: an empty key means the bucket, an empty bucket the service. */
export type Address = { bucket: string; key: string };

/** The percent-encoded path and the Host header; `boundTo` is the bucket of a custom domain's listener. */
export type Target = { host: string; path: string; boundTo: string | undefined };

/**
 * Finds bucket and key: on a custom domain the path is the key; on `<bucket>.<…>localhost` and
 * `<bucket>.<…>.aliyuncs.com` too; elsewhere the path is /bucket/key. OSS itself refuses path style
 * (SecondLevelDomainForbidden), and so does this server under an aliyuncs.com name.
 */
export function addressOf(target: Target): Address {
  const rest = decodedPath(target.path.slice(1));
  if (target.boundTo !== undefined) return { bucket: target.boundTo, key: rest };
  const host = target.host.replace(/:\d*$/, '').toLowerCase();
  const bucket = bucketOfHost(host);
  if (bucket !== '') return { bucket, key: rest };
  if (host.endsWith('.aliyuncs.com') && rest !== '') throw new OssError('SecondLevelDomainForbidden');
  return pathStyle(rest);
}

/** The Host header where it is an IP endpoint: who came by it goes on in path style, and is to be told no name. */
export function ipEndpoint(host: string | undefined): string | undefined {
  return host !== undefined && /^(\d+\.){3}\d+(:\d+)?$/.test(host) ? host : undefined;
}

function bucketOfHost(host: string): string {
  const [first = '', ...others] = host.split('.');
  if (host.endsWith('.localhost')) return first;
  if (!host.endsWith('.aliyuncs.com')) return '';
  const endpointItself = first.startsWith('oss-') && others.length === 2;
  return endpointItself ? '' : first;
}

function pathStyle(rest: string): Address {
  const slash = rest.indexOf('/');
  if (slash === 0) throw new OssError('InvalidBucketName', { extra: { BucketName: '' } });
  if (slash < 0) return { bucket: rest, key: '' };
  return { bucket: rest.slice(0, slash), key: rest.slice(slash + 1) };
}

// OSS reads a plus sign in the path as a space; a plus itself is %2B.
function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '));
  } catch {
    throw new OssError('InvalidObjectName', { ec: '0016-00000002' });
  }
}

/** 3 to 63 lower-case letters, digits and hyphens, hyphen neither first nor last. Throws InvalidBucketName. */
export function checkBucketName(name: string): void {
  if (/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name)) return;
  throw new OssError('InvalidBucketName', { extra: { BucketName: name } });
}

/** 1 to 1023 bytes of UTF-8, not beginning with / or \. Throws InvalidObjectName (EC 0016-0000000x). */
export function checkObjectName(key: string): void {
  const extra = { ObjectName: key };
  if (key === '') throw new OssError('InvalidObjectName', { ec: '0016-00000001', extra });
  if (Buffer.byteLength(key) > 1023 || /\p{Surrogate}/u.test(key))
    throw new OssError('InvalidObjectName', { ec: '0016-00000002', extra });
  if (/^[/\\]/.test(key)) throw new OssError('InvalidObjectName', { ec: '0016-00000005', extra });
}
