import type { Route } from '../store/route';
import { OssError } from '../wire/errors';
import { type Form, readForm } from '../wire/form';
import { bodyOf, type OssRequest } from '../wire/request';
import { anonymous } from './anonymous';
import { authenticate, type Caller, type Gate } from './authenticate';
import { checkPolicy, type SizeRange } from './form-policy';
import { authenticateForm } from './form-signature';
import { checkObjectName } from './names';

/** A request whose sender is known. */
export type Admitted = { request: OssRequest; caller: Caller };

/** Finds out who a request is from; that of a PostObject is read from its form first. */
export async function admit(gate: Gate, route: Route, request: OssRequest): Promise<Admitted> {
  // A browser's preflight carries the signed URL of the request to come, but not its method.
  if (route.operation === 'OptionObject') return { request, caller: anonymous };
  if (route.operation !== 'PostObject') return { request, caller: authenticate(gate, request) };
  const form = await readForm(bodyOf(request), request.headers['content-type'] ?? '');
  const caller = authenticateForm(gate, request.bucket, form.fields);
  const key = (form.fields.get('key') ?? '').replace(/\$\{filename\}/g, () => form.fileName);
  checkObjectName(key);
  const told = new Map([...form.fields, ['key', key], ['bucket', request.bucket]]);
  const policy = form.fields.get('policy');
  const sizes = policy === undefined ? undefined : checkPolicy(policy, told, gate.now());
  return { caller, request: asPut(request, { form, key, sizes }) };
}

type Upload = { form: Form; key: string; sizes: SizeRange | undefined };

// From here on the fields are what the headers of a PutObject are.
function asPut(request: OssRequest, { form, key, sizes }: Upload): OssRequest {
  const { fields } = form;
  const type = fields.get('x-oss-content-type') ?? fields.get('content-type') ?? form.fileType;
  const transport = {
    'transfer-encoding': 'chunked',
    ...(type === undefined ? {} : { 'content-type': type }),
  };
  const headers = { ...Object.fromEntries(fields), ...transport };
  return { ...request, key, headers, content: sizes ? within(form.file, sizes) : form.file };
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
