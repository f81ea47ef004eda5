import { nameEncoding } from '../objects/name-encoding';
import { forbidsOverwrite, objectFacts } from '../objects/object-facts';
import { encryptionHeaders } from '../objects/object-headers';
import { refuseOverwrite } from '../objects/overwrite';
import { bucketOf, changeKey, type Operation } from '../store/operation';
import { addUpload } from '../store/uploads';
import { xmlDocument } from '../wire/xml';

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
      eventName: 'ObjectCreated:InitiateMultipartUpload' as const,
      eTag: '',
      size: 0,
      deltaSize: 0,
      headers: facts.headers,
    };
    return { status: 200, headers: encryptionHeaders(facts.headers), xml, change };
  });
};
