import type { Bucket } from '../store/bucket';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { parseXml, text } from '../wire/xml';
import { anonymous } from './anonymous';
import type { Caller } from './authenticate';

type Payer = { bucket: Bucket; caller: Caller; accountId: string };

/**
 * Where the requester pays, throws AccessDenied for a request without a signature, and for one of another account that
 * does not say `x-oss-request-payer: requester` in header or URL (OSS docs, "PutBucketRequestPayment"; ECs of the
 * pages 0003-00000701 and -702). Nobody is charged here.
 */
export function checkPayer({ headers, query }: OssRequest, { bucket, caller, accountId }: Payer): void {
  if (!requesterPays(bucket) || accountOf(caller.arn) === accountId) return;
  if (caller.arn === anonymous.arn) {
    throw denied('Anonymous access is not allowed where the requester pays.', '0003-00000701');
  }
  const payer = headers['x-oss-request-payer'] ?? query.get('x-oss-request-payer');
  if (payer?.toLowerCase() === 'requester') return;
  throw denied('The requester pays for this bucket and has to agree to it.', '0003-00000702');
}

function requesterPays({ settings }: Bucket): boolean {
  const document = settings.get('requestPayment');
  if (document === undefined) return false;
  return text(parseXml(document, 'RequestPaymentConfiguration'), 'Payer') === 'Requester';
}

// acs:ram::<account>:… or acs:sts::<account>:…
function accountOf(arn: string): string | undefined {
  return arn.split(':')[3];
}

function denied(message: string, ec: string): OssError {
  return new OssError('AccessDenied', { message, ec });
}
