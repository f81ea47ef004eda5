import { nameEncoding } from '../name-encoding';
import { forbidsOverwrite, objectFacts } from '../object-facts';
import { encryptionHeaders } from '../object-headers';
import { bucketOf, changeKey, type Operation } from '../operation';
import { refuseOverwrite } from '../overwrite';
import { addUpload } from '../uploads';
import { xmlDocument } from '../xml';

/** POST /bucket/key?uploads */
export const initiateMultipartUpload: Operation = async (oss, request) => {
  const facts = objectFacts(request, bucketOf(oss, request));
  const forbidOverwrite = forbidsOverwrite(request);
  const names = nameEncoding(request);
  return changeKey(oss, request, async (bucket) => {
    if (forbidOverwrite) refuseOverwrite(bucket, request);
    const { key } = request;
    const sequential = request.query.has('sequential');
    const upload = { ...facts, key, initiated: oss.now(), forbidOverwrite, sequential };
    const { uploadId } = await addUpload(bucket, upload);
    const xml = xmlDocument('InitiateMultipartUploadResult', {
      ...names.element,
      Bucket: bucket.name,
      Key: names.encode(key),
      UploadId: uploadId,
    });
    const change = {
      ...{ eventName: 'ObjectCreated:InitiateMultipartUpload' as const, eTag: '', size: 0, deltaSize: 0 },
      headers: facts.headers,
    };
    return { status: 200, headers: encryptionHeaders(facts.headers), xml, change };
  });
};
