import type { Oss } from '../store/operation';
import type { OssErrorCode } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { type Content, type Node, xmlDocument } from '../wire/xml';
import { checkLifecycle } from './check-lifecycle';
import {
  checkAccessMonitor,
  checkCors,
  checkEncryption,
  checkFlag,
  checkHttps,
  checkLogFields,
  checkLogging,
  checkReferer,
  checkRequestPayment,
  checkStorageCapacity,
  checkTags,
} from './check-setting';
import { checkWebsite } from './check-website';
import { withDefault, withMirrorDefaults, withoutIdleCipher, withoutTwins } from './complete-setting';
import { withRuleIds } from './lifecycle-rules';

/** A configuration document of a bucket that is kept as it came in and given back. */
export type Setting = {
  /** What follows Put, Get and Delete in the names of its API calls. */
  name: string;
  /** What follows them in the names of its RAM actions, where it is not the same. */
  permission?: string;
  /** Its sub-resource. */
  sub: string;
  /** Its root element. */
  root: string;
  /** Throws when the content of the root element is no valid configuration. */
  check: (content: Node, oss: Oss, request: OssRequest) => void;
  /** The error of a GET when it was never set. */
  missing?: OssErrorCode;
  /** What a GET answers when it was never set, where that is no error. */
  unset?: Content;
  /** Whether there is an API call to delete it. */
  deletable?: true;
  /** EC of its MalformedXML. */
  malformed?: string;
  /** What is stored in place of the document. */
  complete?: (document: string) => string;
};

/** The configurations that are nothing but a document, by the pages "PutBucket…" of the OSS docs. */
export const settings: readonly Setting[] = [
  setting('BucketAccessMonitor', 'accessmonitor', 'AccessMonitorConfiguration', {
    check: checkAccessMonitor,
    unset: { Status: 'Disabled' },
  }),
  setting('BucketArchiveDirectRead', 'bucketArchiveDirectRead', 'ArchiveDirectReadConfiguration', {
    check: checkFlag('Enabled', ['true', 'false']),
    unset: { Enabled: false },
  }),
  setting('BucketCors', 'cors', 'CORSConfiguration', {
    check: checkCors,
    missing: 'NoSuchCORSConfiguration',
    deletable: true,
    complete: withDefault('ResponseVary', 'false'),
  }),
  setting('BucketEncryption', 'encryption', 'ServerSideEncryptionRule', {
    check: checkEncryption,
    missing: 'NoSuchServerSideEncryptionRule',
    deletable: true,
    complete: withoutIdleCipher,
  }),
  setting('BucketHttpsConfig', 'httpsConfig', 'HttpsConfiguration', {
    check: checkHttps,
    unset: { TLS: { Enable: false } },
    complete: withoutTwins('TLSVersion'),
  }),
  setting('BucketLifecycle', 'lifecycle', 'LifecycleConfiguration', {
    check: checkLifecycle,
    missing: 'NoSuchLifecycle',
    deletable: true,
    malformed: '0014-00000011',
    complete: withRuleIds,
  }),
  setting('BucketLogging', 'logging', 'BucketLoggingStatus', {
    check: checkLogging,
    unset: '',
    deletable: true,
  }),
  setting('BucketPublicAccessBlock', 'publicAccessBlock', 'PublicAccessBlockConfiguration', {
    check: checkFlag('BlockPublicAccess', ['true', 'false']),
    unset: { BlockPublicAccess: false },
    deletable: true,
  }),
  setting('BucketReferer', 'referer', 'RefererConfiguration', {
    check: checkReferer,
    unset: { AllowEmptyReferer: true, AllowTruncateQueryString: true, RefererList: '' },
    complete: withDefault('AllowTruncateQueryString', 'true'),
  }),
  setting('BucketRequestPayment', 'requestPayment', 'RequestPaymentConfiguration', {
    check: checkRequestPayment,
    unset: { Payer: 'BucketOwner' },
  }),
  setting('BucketStorageCapacity', 'qos', 'BucketUserQos', {
    check: checkStorageCapacity,
    unset: { StorageCapacity: -1 },
  }),
  setting('BucketTags', 'tagging', 'Tagging', {
    permission: 'BucketTagging',
    check: checkTags,
    unset: { TagSet: '' },
    deletable: true,
  }),
  setting('BucketTransferAcceleration', 'transferAcceleration', 'TransferAccelerationConfiguration', {
    check: checkFlag('Enabled', ['true', 'false']),
    deletable: true,
    missing: 'NoSuchTransferAccelerationConfiguration',
  }),
  setting('UserDefinedLogFieldsConfig', 'userDefinedLogFieldsConfig', 'UserDefinedLogFieldsConfiguration', {
    check: checkLogFields,
    unset: '',
    deletable: true,
  }),
  setting('BucketWebsite', 'website', 'WebsiteConfiguration', {
    check: checkWebsite,
    missing: 'NoSuchWebsiteConfiguration',
    deletable: true,
    complete: withMirrorDefaults,
  }),
];

function setting(
  name: string,
  sub: string,
  root: string,
  more: Omit<Setting, 'name' | 'sub' | 'root'>,
): Setting {
  return { name, sub, root, ...more };
}

/** The document that a new bucket has beside the defaults, by whether it is to refuse public access. */
export function firstSettings(blockPublicAccess: boolean): Map<string, string> {
  if (!blockPublicAccess) return new Map();
  const document = xmlDocument('PublicAccessBlockConfiguration', { BlockPublicAccess: true });
  return new Map([['publicAccessBlock', document]]);
}
