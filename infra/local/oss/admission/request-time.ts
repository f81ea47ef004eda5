import { OssError } from '../wire/errors';

const quarterOfAnHour = 15 * 60_000;

/** Throws RequestTimeTooSkewed when a request was signed (ms) more than 15 minutes from now, either way. */
export function checkSkew(signedAt: number, now: number): void {
  if (Math.abs(signedAt - now) > quarterOfAnHour) throw skewed(signedAt, now);
}

/** Throws RequestTimeTooSkewed when a URL was signed (ms) more than 15 minutes ahead. */
export function checkNotAhead(signedAt: number, now: number): void {
  if (signedAt - now > quarterOfAnHour) throw skewed(signedAt, now);
}

/** Throws AccessDenied once a signed URL's end (ms) has passed. */
export function checkNotExpired(end: number, now: number): void {
  if (now <= end) return;
  throw new OssError('AccessDenied', {
    message: 'Request has expired.',
    ec: '0002-00000069',
    extra: { Expires: isoTime(end), ServerTime: isoTime(now) },
  });
}

function skewed(requestTime: number, serverTime: number): OssError {
  const extra = {
    MaxAllowedSkewMilliseconds: String(quarterOfAnHour),
    RequestTime: isoTime(requestTime),
    ServerTime: isoTime(serverTime),
  };
  return new OssError('RequestTimeTooSkewed', { extra });
}

// A URL may claim to end after the last date there is.
function isoTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}
