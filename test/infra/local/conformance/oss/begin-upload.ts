import { at, plain } from './scratch';

const { client } = plain;

type Part = { number: number; etag: string };

/** Begins a multipart upload, and what can be done with it. */
export async function begin(name: string) {
  const key = at(name);
  const { uploadId } = await client.initMultipartUpload(key);
  const upload = async (number: number, body: Buffer): Promise<Part> => {
    const { etag } = await client.uploadPart(key, uploadId, number, body, 0, body.length);
    return { number, etag };
  };
  const complete = (parts: Part[]) => client.completeMultipartUpload(key, uploadId, parts);
  return { key, uploadId, upload, complete };
}
