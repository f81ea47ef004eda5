import { checkObjectName } from '../wire/address';
import { OssError } from '../wire/errors';
import { type Form, readForm } from '../wire/form';
import { bodyOf, type OssRequest } from '../wire/request';
import { algorithm, signatureOf } from '../wire/signature';
import {
  anonymous,
  type Caller,
  checkSignature,
  findCredentials,
  type Gate,
  type GivenSignature,
} from './caller';
import { checkPolicy, type SizeRange } from './form-policy';
import { checkTakesV1, signatureV1 } from './signature-v1';
import { checkScope, readCredential } from './signature-v4';

type Fields = ReadonlyMap<string, string>;

/** Reads a form and finds out who it is from; the request that comes out is like that of a PutObject. */
export async function authenticateForm(
  gate: Gate,
  request: OssRequest,
): Promise<{ request: OssRequest; caller: Caller }> {
  const form = await readForm(bodyOf(request), request.headers['content-type'] ?? '');
  const caller = callerOf(gate, request.bucket, form.fields);
  const key = (form.fields.get('key') ?? '').replace(/\$\{filename\}/g, () => form.fileName);
  checkObjectName(key);
  const fields = new Map([...form.fields, ['key', key], ['bucket', request.bucket]]);
  const policy = form.fields.get('policy');
  const sizes = policy === undefined ? undefined : checkPolicy(policy, fields, gate.now());
  return { caller, request: asPut(request, { form, key, sizes }) };
}

/**
 * The signature of a form is over its policy in Base64: fields OSSAccessKeyId and Signature (V1), or x-oss-credential,
 * x-oss-date and x-oss-signature (V4). A form without any of them is anonymous.
 */
function callerOf(gate: Gate, bucket: string, fields: Fields): Caller {
  const v4 = fields.has('x-oss-signature-version') || fields.has('x-oss-credential');
  if (!v4 && !fields.has('ossaccesskeyid') && !fields.has('signature')) return unsigned(fields);
  const policy = required(fields, 'policy', '0002-00000702');
  if (!v4) checkTakesV1(gate, bucket);
  const given = v4 ? givenV4(gate, fields) : givenV1(fields);
  const credentials = findCredentials(gate, given);
  const due = given.sign(policy, credentials.accessKeySecret);
  checkSignature(gate, { given, credentials, toSign: policy }, due);
  return credentials;
}

function unsigned(fields: Fields): Caller {
  if (!fields.has('policy')) return anonymous;
  throw new OssError('InvalidArgument', { message: 'A form with a policy must be signed.' });
}

type FormSignature = GivenSignature & { sign: (policy: string, accessKeySecret: string) => string };

function givenV1(fields: Fields): FormSignature {
  return {
    accessKeyId: required(fields, 'ossaccesskeyid', '0002-00000701'),
    signature: required(fields, 'signature', '0002-00000703'),
    securityToken: fields.get('x-oss-security-token'),
    sign: signatureV1,
  };
}

function givenV4(gate: Gate, fields: Fields): FormSignature {
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

type Upload = { form: Form; key: string; sizes: SizeRange | undefined };

function asPut(request: OssRequest, { form, key, sizes }: Upload): OssRequest {
  const { fields, file } = form;
  const type = fields.get('x-oss-content-type') ?? fields.get('content-type') ?? form.fileType;
  const headers = {
    ...Object.fromEntries(fields),
    'transfer-encoding': 'chunked',
    ...(type !== undefined && { 'content-type': type }),
  };
  return { ...request, key, headers, content: sizes ? within(file, sizes) : file };
}

async function* within(file: AsyncIterable<Buffer>, { least, most }: SizeRange): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of file) {
    size += chunk.length;
    if (size > most) throw sizeError('EntityTooLarge', size);
    yield chunk;
  }
  if (size < least) throw sizeError('EntityTooSmall', size);
}

function sizeError(code: 'EntityTooLarge' | 'EntityTooSmall', size: number): OssError {
  return new OssError(code, { ec: '0006-00000004', extra: { ProposedSize: String(size) } });
}
