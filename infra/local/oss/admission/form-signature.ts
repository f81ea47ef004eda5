import { OssError } from '../wire/errors';
import { algorithm, signatureOf } from '../wire/signature';
import { signatureV1 } from '../wire/signature-v1';
import { checkSame, checkToken, findCredentials } from './access-keys';
import { anonymous } from './anonymous';
import { type Caller, checkScope, type Gate } from './authenticate';
import { readCredential } from './claim';

type Fields = ReadonlyMap<string, string>;

/**
 * Checks the signature of a form, which is over its policy in Base64: fields OSSAccessKeyId and Signature (V1), or
 * x-oss-credential, x-oss-date and x-oss-signature (V4). A form without any of them is anonymous.
 */
export function authenticateForm(gate: Gate, bucket: string, fields: Fields): Caller {
  const v4 = fields.has('x-oss-signature-version') || fields.has('x-oss-credential');
  if (!v4 && !fields.has('ossaccesskeyid') && !fields.has('signature')) return unsigned(fields);
  const policy = required(fields, 'policy', '0002-00000702');
  if (!v4 && !gate.allowV1(bucket)) {
    throw new OssError('AccessDenied', {
      message: 'Signature version 1 is not supported by this bucket, use version 4.',
      ec: '0002-00000080',
    });
  }
  const claim = v4 ? claimV4(gate, fields) : claimV1(fields);
  const credentials = findCredentials(gate, claim);
  const computed = claim.sign(policy, credentials.accessKeySecret);
  const { accessKeyId, signature } = claim;
  checkSame(computed, { accessKeyId, signature, toSign: policy });
  checkToken(gate, claim, credentials);
  return credentials;
}

function unsigned(fields: Fields): Caller {
  if (!fields.has('policy')) return anonymous;
  throw new OssError('InvalidArgument', { message: 'A form with a policy must be signed.' });
}

type FormClaim = {
  accessKeyId: string;
  signature: string;
  securityToken: string | undefined;
  sign: (policy: string, accessKeySecret: string) => string;
};

function claimV1(fields: Fields): FormClaim {
  return {
    accessKeyId: required(fields, 'ossaccesskeyid', '0002-00000701'),
    signature: required(fields, 'signature', '0002-00000703'),
    securityToken: fields.get('x-oss-security-token'),
    sign: signatureV1,
  };
}

function claimV4(gate: Gate, fields: Fields): FormClaim {
  const version = fields.get('x-oss-signature-version');
  if (version !== algorithm) {
    throw new OssError('InvalidArgument', { message: 'The x-oss-signature-version is invalid.' });
  }
  const { accessKeyId, scope } = readCredential(required(fields, 'x-oss-credential'));
  const date = required(fields, 'x-oss-date');
  checkScope(gate, { scope, date, where: 'form' });
  return {
    accessKeyId,
    signature: required(fields, 'x-oss-signature', '0002-00000703'),
    securityToken: fields.get('x-oss-security-token'),
    sign: (policy, secret) => signatureOf(policy, { scope }, secret),
  };
}

function required(fields: Fields, name: string, ec?: string): string {
  const value = fields.get(name);
  if (value) return value;
  throw new OssError('InvalidArgument', { message: `The form field ${name} is missing.`, ...(ec && { ec }) });
}
