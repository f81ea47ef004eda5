import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import type { Credentials } from '../../../../infra/local/ram/credentials';

type Headers = Record<string, string>;
type Result = { status: number; headers: Headers };
type Answer = { res: Result };
type ObjectFacts = { name: string; etag: string; size: number; type: string; lastModified: string };
type VersionFacts = ObjectFacts & { versionId: string; isLatest: boolean };
type Options = {
  headers?: Headers;
  mime?: string;
  meta?: Headers;
  versionId?: string;
  subres?: Headers;
  additionalHeaders?: string[];
};
type Query = Record<string, string | number>;

/** What these tests use of ali-oss 6.23. */
export type Client = {
  putBucket(name: string): Promise<Answer>;
  deleteBucket(name: string): Promise<Answer>;
  listBuckets(query?: Query): Promise<{ buckets: { name: string; region: string }[] | null }>;
  getBucketInfo(name: string): Promise<{ bucket: Record<string, unknown> }>;
  getBucketLocation(name: string): Promise<{ location: string }>;
  putBucketVersioning(name: string, status: string): Promise<Answer>;
  getBucketVersioning(name: string): Promise<{ versionStatus: string | undefined }>;
  putBucketPolicy(name: string, policy: object): Promise<unknown>;
  deleteBucketPolicy(name: string): Promise<unknown>;
  putBucketLifecycle(name: string, rules: unknown[]): Promise<unknown>;
  put(name: string, body: Buffer, options?: Options): Promise<Answer>;
  putStream(name: string, stream: Readable, options?: Options): Promise<Answer>;
  get(name: string, options?: Options): Promise<Answer & { content: Buffer }>;
  getStream(name: string, options?: Options): Promise<Answer & { stream: Readable }>;
  head(name: string, options?: Options): Promise<Answer & { status: number; meta: Headers | null }>;
  getObjectMeta(name: string, options?: Options): Promise<Answer>;
  delete(name: string, options?: Options): Promise<Answer>;
  copy(name: string, from: string, options?: Options): Promise<Answer & { data: Headers | null }>;
  append(
    name: string,
    body: Buffer,
    options?: Options & { position?: number | string },
  ): Promise<Answer & { nextAppendPosition: string }>;
  deleteMulti(
    names: (string | { key: string; versionId: string })[],
    options?: { quiet: boolean },
  ): Promise<Answer & { deleted: Headers[] }>;
  putACL(name: string, acl: string, options?: Options): Promise<Answer>;
  getACL(name: string, options?: Options): Promise<Answer & { acl: string; owner: { id: string } }>;
  putSymlink(name: string, target: string, options: Options & { storageClass?: string }): Promise<Answer>;
  getSymlink(name: string, options?: Options): Promise<Answer & { targetName: string }>;
  restore(name: string, options?: object): Promise<Answer>;
  uploadPartCopy(
    ...part: [
      name: string,
      id: string,
      number: number,
      range: string,
      source: { sourceKey: string; sourceBucketName: string },
      options?: Options,
    ]
  ): Promise<Answer & { etag: string }>;
  calculatePostSignature(policy: object): Record<'OSSAccessKeyId' | 'Signature' | 'policy', string>;
  signPostObjectPolicyV4(policy: object, date: Date): string;
  signatureUrl(name: string, options?: object): string;
  initMultipartUpload(name: string, options?: Options): Promise<Answer & { uploadId: string }>;
  uploadPart(
    ...part: [name: string, id: string, number: number, body: Buffer, start: number, end: number, Options?]
  ): Promise<Answer & { etag: string }>;
  completeMultipartUpload(
    name: string,
    uploadId: string,
    parts: { number: number; etag: string }[] | null,
    options?: Options,
  ): Promise<Answer & { etag: string }>;
  abortMultipartUpload(name: string, uploadId: string): Promise<Answer>;
  multipartUpload(name: string, body: Buffer, options: { partSize: number }): Promise<Answer>;
  listUploads(query?: Query): Promise<{
    uploads: { name: string; uploadId: string }[];
    nextKeyMarker: string;
    nextUploadIdMarker: string;
    isTruncated: boolean;
  }>;
  listParts(
    name: string,
    uploadId: string,
    query?: Query,
  ): Promise<{ parts: Record<string, string>[]; isTruncated: string; nextPartNumberMarker: string }>;
  list(query?: Query): Promise<{
    objects: ObjectFacts[];
    prefixes: string[] | null;
    nextMarker: string | null;
    isTruncated: boolean;
  }>;
  listV2(query?: Query): Promise<{
    objects: ObjectFacts[];
    prefixes: string[] | null;
    keyCount: number;
    nextContinuationToken: string | null;
    isTruncated: boolean;
  }>;
  getBucketVersions(query?: Query): Promise<{
    objects: VersionFacts[];
    deleteMarker: { name: string; versionId: string }[];
    nextKeyMarker: string | null;
    nextVersionIdMarker: string | null;
    isTruncated: boolean;
  }>;
  putObjectTagging(name: string, tags: Headers, options?: Options): Promise<Answer>;
  getObjectTagging(name: string, options?: Options): Promise<{ tag: Headers }>;
  deleteObjectTagging(name: string, options?: Options): Promise<Answer>;
  authorizationV4(
    method: string,
    request: { headers: Headers; queries: Record<string, string | null> },
    bucket: string,
    name: string,
    additionalHeaders?: string[],
  ): string;
  signatureUrlV4(
    method: string,
    expires: number,
    request: { headers?: Headers; queries?: Headers },
    name: string,
    additionalHeaders?: string[],
  ): Promise<string>;
};

// ali-oss has no types of its own.
const AliOss: new (options: object) => Client = createRequire(__filename)('ali-oss');

export type ClientOptions = { endpoint: string; bucket: string; credentials: Credentials } & Partial<{
  region: string;
  authorizationV4: boolean;
  sldEnable: boolean;
  cname: boolean;
  agent: object;
}>;

/** The real client, in path style unless told otherwise. */
export function createClient({ credentials, ...options }: ClientOptions): Client {
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  return new AliOss({
    accessKeyId,
    accessKeySecret,
    stsToken: securityToken,
    region: 'oss-cn-hangzhou',
    authorizationV4: true,
    sldEnable: true,
    // Only silences its advice.
    refreshSTSToken: async () => ({}),
    refreshSTSTokenInterval: 1e9,
    ...options,
  });
}

/** The error that a call of the client ends with. */
export type ClientError = {
  status: number;
  code: string;
  message: string;
  ecCode: string;
  requestId: string;
  hostId: string;
};

/** What the call fails with; it is an error of the test if it does not. */
export async function failure(call: Promise<unknown>): Promise<Partial<ClientError>> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('The call has not failed');
  const { status, code, ecCode, message, requestId, hostId }: Partial<ClientError> = error;
  return JSON.parse(JSON.stringify({ status, code, ecCode, message, requestId, hostId }));
}
