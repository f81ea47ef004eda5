import { collect } from '../../functions/cloud/pieces';
import type { Format, FormatInput, FormatTools, Recognition } from './format';
import { notOfFormat, unlessRefused } from './refusals';
import { factOf } from './text';
import { keyVersionIn, readBlob, TEXT_MAX } from './wrapped-key';

const NAME = 'kms';
/** Key version, IV and tag. */
const LEAST = 64;

/**
 * What KMS Encrypt returned, as text in a file: CiphertextBlob in base64, or the JSON that `aliyun kms Encrypt` prints. The
 * first is in the document "Use a KMS CMK to encrypt and decrypt data" (alibabacloud.com/help/doc-detail/131084.html), whose
 * program writes `key.pem.cipher`, and in github.com/aliyun/alibabacloud-kms-demo (cmk_encrypt.py, cmk_encrypt.go,
 * CmkEncrypt.java). KMS itself authenticates it.
 *
 * They differ in what they give to Encrypt, and the file does not tell: the document and the Java program the text as it
 * stands, the Python and Go programs (and the API's reference) its base64. `FormatTools.decrypt` decodes what is base64.
 */
export const kms: Format = {
  name: NAME,
  title: "one text of base64, KMS Encrypt's answer (certificate keys and other secrets up to 6 KB)",
  isAuthenticated: async () => true,
  recognise,
  async *open(input: FormatInput, tools: FormatTools) {
    yield await tools.decrypt(await blobIn(input, tools.skipped ?? new Set()));
  },
};

async function recognise(input: FormatInput): Promise<Recognition | undefined> {
  const skipped = new Set<string>();
  const blob = await unlessRefused(blobIn(input, skipped));
  const bytes = Math.floor(((blob?.length ?? 0) / 4) * 3);
  if (!blob || bytes < LEAST) return undefined;
  const keyVersionId = keyVersionIn(blob);
  const facts = { bytes, ...factOf(skipped) };
  if (!keyVersionId) return { sureness: 'possible', why: 'base64 and nothing else', facts };
  const why = "base64 and nothing else, beginning as KMS's ciphertexts do";
  return { sureness: 'likely', why, facts: { ...facts, keyVersionId } };
}

/** Throws `format-wrong`, `input-truncated`. */
async function blobIn(input: FormatInput, skipped: Set<string>): Promise<string> {
  if (input.size > TEXT_MAX) throw notOfFormat(NAME, `it has more than ${TEXT_MAX} bytes`);
  const file = await collect(input.read({ from: 0, to: input.size }));
  return readBlob(file, `the file as ${NAME}`, skipped);
}
