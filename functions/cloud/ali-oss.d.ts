/** The part of ali-oss 6.23.0 that this project uses, as it really behaves. */
declare module 'ali-oss' {
  import type { Agent } from 'node:http';
  import type { Readable } from 'node:stream';

  type Headers = Record<string, string>;
  type Answer = { res: { status: number; headers: Headers } };
  /** A new one for every call: ali-oss writes into it. */
  type CallOptions = { headers?: Headers; subres?: Record<string, string>; timeout?: number; mime?: string };

  /** `etag` in quotes; `type` is Normal, Multipart, Appendable or Symlink. */
  type ListedVersion = {
    name: string;
    versionId: string;
    isLatest: boolean;
    etag: string;
    size: number;
    lastModified: string;
    type: string;
    storageClass: string;
  };

  /** `ETag` in quotes. */
  type ListedPart = { PartNumber: string; Size: string; ETag: string };

  class OSS {
    constructor(options: {
      accessKeyId: string;
      accessKeySecret: string;
      stsToken?: string;
      refreshSTSTokenInterval?: number;
      region: string;
      endpoint: string;
      bucket?: string;
      authorizationV4: true;
      headerEncoding?: 'latin1';
      cname?: boolean;
      sldEnable?: boolean;
      timeout?: number;
      agent?: Agent;
      httpsAgent?: Agent;
    });
    /** Makes what is thrown of what the HTTP client has thrown. */
    requestError(error: object): Promise<Error>;
    head(key: string, options: CallOptions): Promise<Answer>;
    getStream(key: string, options: CallOptions): Promise<Answer & { stream: Readable }>;
    getObjectTagging(key: string, options: { versionId?: string }): Promise<{ tag: Record<string, string> }>;
    put(key: string, content: Buffer, options: CallOptions): Promise<Answer>;
    delete(key: string, options: { versionId: string }): Promise<Answer>;
    initMultipartUpload(key: string, options: CallOptions): Promise<Answer & { uploadId: string }>;
    _uploadPart(
      key: string,
      uploadId: string,
      number: number,
      data: { stream: Readable; size: number },
      options: CallOptions,
    ): Promise<Answer & { etag: string }>;
    completeMultipartUpload(
      key: string,
      uploadId: string,
      parts: { number: number; etag: string }[],
      options: CallOptions,
    ): Promise<Answer>;
    abortMultipartUpload(key: string, uploadId: string): Promise<Answer>;
    /** Numbers come as text. */
    listParts(
      key: string,
      uploadId: string,
      query: { 'max-parts': number; 'part-number-marker'?: string },
    ): Promise<{
      parts: ListedPart[] | ListedPart;
      isTruncated: string;
      nextPartNumberMarker: string;
    }>;
    signatureUrlV4(
      method: 'GET' | 'PUT',
      seconds: number,
      request: { headers?: Headers; queries?: Record<string, string> },
      key: string,
    ): Promise<string>;
    multipartUpload(
      key: string,
      file: string,
      options: { parallel: number; partSize: number; progress: (share: number) => void },
    ): Promise<Answer>;
    /** `name` and the markers are percent-encoded where `encoding-type` is `url`. */
    listUploads(query: {
      'max-uploads'?: number;
      'encoding-type'?: 'url';
      'key-marker'?: string;
      'upload-id-marker'?: string;
    }): Promise<{
      uploads: { name: string; uploadId: string; initiated: string }[];
      isTruncated: boolean;
      nextKeyMarker?: string;
      nextUploadIdMarker?: string;
    }>;
    /** Names and markers are percent-encoded where `encodingType` is `url`; of markers nothing tells whether they are current. */
    getBucketVersions(query: {
      prefix?: string;
      maxKeys?: number;
      encodingType?: 'url';
      keyMarker?: string;
      versionIdMarker?: string;
    }): Promise<{
      res: Answer['res'];
      objects: ListedVersion[];
      deleteMarker: { name: string; versionId: string; lastModified: string }[];
      isTruncated: boolean;
      nextKeyMarker: string | null;
      nextVersionIdMarker: string | null;
    }>;
    listV2(query: { 'max-keys'?: string; 'encoding-type'?: 'url'; 'continuation-token'?: string }): Promise<{
      objects?: { name: string; lastModified: string; size: number }[];
      isTruncated: boolean;
      nextContinuationToken: string | null;
    }>;
    deleteMulti(names: string[], options: { quiet: boolean }): Promise<Answer>;
    copy(key: string, source: string, options: CallOptions & { versionId: string }): Promise<Answer>;
    uploadPartCopy(
      key: string,
      uploadId: string,
      number: number,
      range: string,
      source: { sourceKey: string; sourceBucketName: string },
      options: { versionId: string; timeout?: number },
    ): Promise<Answer & { etag: string }>;
    getBucketVersioning(bucket: string): Promise<Answer & { versionStatus?: string }>;
    /** Its XML as an object; all values are text. */
    getBucketInfo(bucket: string): Promise<{ bucket: Record<string, unknown> }>;
    /** Names begin with a lower-case letter, numbers are text. Refused with 404 where there is none. */
    getBucketLifecycle(bucket: string): Promise<{ rules: Record<string, unknown>[] | null }>;
    /** Never refused: `status` is that of HTTP, and `policy` null where it is not 200. */
    getBucketPolicy(
      bucket: string,
    ): Promise<Answer & { policy: Record<string, unknown> | null; status: number }>;
    putBucket(bucket: string): Promise<Answer>;
    putBucketVersioning(bucket: string, status: 'Enabled' | 'Suspended'): Promise<Answer>;
  }
  export = OSS;
}
