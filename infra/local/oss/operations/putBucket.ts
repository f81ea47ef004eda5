import { checkEncryption } from '../buckets/check-setting';
import { bucketAcl, refusePublic } from '../buckets/public-access';
import { firstSettings } from '../buckets/settings';
import { alterBucket } from '../store/bucket';
import { changeBucket, type Operation } from '../store/operation';
import { checkBucketName } from '../wire/address';
import { OssError } from '../wire/errors';
import { bodyText, type OssRequest } from '../wire/request';
import { parseXml, text, xmlDocument } from '../wire/xml';

/** PUT /bucket : creates a bucket; its owner may do it again, which may only change the ACL. */
export const putBucket: Operation = async (oss, request) => {
  checkBucketName(request.bucket);
  const acl = bucketAcl(request);
  const kind = readKind(request, await bodyText(request));
  const settings = new Map([...firstSettings(oss.blockPublicAccess), ...encryptionSetting(request)]);
  return changeBucket(oss, request, async () => {
    const before = oss.store.buckets.get(request.bucket);
    if (acl !== undefined && acl !== 'private') refusePublic(before ?? { settings }, 'acl');
    const facts = { ...kind, acl: acl ?? 'private', settings };
    if (!before) await oss.store.createBucket(request.bucket, oss.now(), facts);
    else if (acl !== undefined) await alterBucket(before, { acl });
    return { status: 200, headers: { location: `/${request.bucket}` } };
  });
};

function encryptionSetting({ headers }: OssRequest): [string, string][] {
  const algorithm = headers['x-oss-server-side-encryption'];
  if (algorithm === undefined) return [];
  const document = xmlDocument('ServerSideEncryptionRule', {
    ApplyServerSideEncryptionByDefault: {
      SSEAlgorithm: algorithm,
      KMSDataEncryption: headers['x-oss-server-side-data-encryption'],
      KMSMasterKeyID: headers['x-oss-server-side-encryption-key-id'],
    },
  });
  checkEncryption(parseXml(document, 'ServerSideEncryptionRule'));
  return [['encryption', document]];
}

type Kind = { storageClass: string; redundancy: 'LRS' | 'ZRS' };

// Either in the body, or in headers; Standard and LRS unless told otherwise.
function readKind({ headers }: OssRequest, body: string): Kind {
  const given = body.trim() === '' ? '' : parseXml(body, 'CreateBucketConfiguration');
  const storageClass = text(given, 'StorageClass') ?? headers['x-oss-storage-class'] ?? 'Standard';
  const redundancy = text(given, 'DataRedundancyType') ?? headers['x-oss-redundancy-type'] ?? 'LRS';
  if (!['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive'].includes(storageClass)) {
    throw invalid('StorageClass', storageClass);
  }
  if (redundancy !== 'LRS' && redundancy !== 'ZRS') throw invalid('DataRedundancyType', redundancy);
  return { storageClass, redundancy };
}

function invalid(name: string, value: string): OssError {
  return new OssError('InvalidArgument', {
    message: `The ${name} is invalid.`,
    extra: { ArgumentName: name, ArgumentValue: value },
  });
}
