import { textIn } from './base64';
import type { Format, FormatInput, FormatTools, Recognition } from './format';
import { cutShort, notOfFormat } from './refusals';
import { keyVersionIn, mayBeBlob } from './wrapped-key';

const NAME = 'kms';
/** 6 KB of plaintext, in base64 before and after KMS encrypts it, take 11 KB. */
export const TEXT_MAX = 16_384;
/** Key version, IV and tag. */
const LEAST = 64;

/**
 * What KMS Encrypt returned, as text in a file: CiphertextBlob in base64, nothing else. So it is in the document "Use a KMS
 * CMK to encrypt and decrypt data" (alibabacloud.com/help/doc-detail/131084.html), whose program writes `key.pem.cipher`, and
 * in github.com/aliyun/alibabacloud-kms-demo (cmk_encrypt.py, cmk_encrypt.go, CmkEncrypt.java). KMS itself authenticates it.
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
    yield await tools.decrypt(readBlob(await textOf(input)));
  },
};

async function recognise(input: FormatInput): Promise<Recognition | undefined> {
  const text = input.size <= TEXT_MAX ? withoutSpace(await textOf(input)) : '';
  const bytes = Math.floor((text.length / 4) * 3);
  if (bytes < LEAST || !mayBeBlob(text)) return undefined;
  const keyVersionId = keyVersionIn(text);
  if (!keyVersionId) return { sureness: 'possible', why: 'base64 and nothing else', facts: { bytes } };
  const why = "base64 and nothing else, beginning as KMS's ciphertexts do";
  return { sureness: 'likely', why, facts: { bytes, keyVersionId } };
}

/** The CiphertextBlob that a file's text is. Throws `format-wrong`, `input-truncated`. */
export function readBlob(text: string): string {
  const blob = withoutSpace(text);
  if (blob === '' || !/^[A-Za-z0-9+/]*={0,2}$/.test(blob)) throw notOfFormat(NAME, 'it is not base64');
  if (blob.length % 4 !== 0) throw cutShort(NAME, 'its base64 ends in the middle');
  if (!mayBeBlob(blob)) throw notOfFormat(NAME, 'its base64 is not as KMS writes it');
  return blob;
}

async function textOf(input: FormatInput): Promise<string> {
  if (input.size > TEXT_MAX) throw notOfFormat(NAME, `it has more than ${TEXT_MAX} bytes`);
  return textIn(input, { from: 0, to: input.size });
}

/** Whatever wrote the base64 may have broken its lines. */
function withoutSpace(text: string): string {
  return text.trim().replace(/\r?\n/g, '');
}
