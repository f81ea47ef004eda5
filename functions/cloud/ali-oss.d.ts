/** The part of ali-oss 6.23.0 that this project uses, as it really behaves. */
declare module 'ali-oss' {
  import type { Agent } from 'node:http';
  import type { Readable } from 'node:stream';

  type Headers = Record<string, string>;
  type Answer = { res: { status: number; headers: Headers } };
  /** A new one for every call: ali-oss writes into it. */
  type CallOptions = { headers?: Headers; subres?: Record<string, string>; timeout?: number; mime?: string };

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
    });
    head(key: string, options: CallOptions): Promise<Answer>;
    getStream(key: string, options: CallOptions): Promise<Answer & { stream: Readable }>;
    getObjectTagging(key: string, options: { versionId: string }): Promise<{ tag: Record<string, string> }>;
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
    listUploads(query: { 'max-uploads'?: number }): Promise<{ uploads: { name: string }[] }>;
    getBucketVersions(query: { 'max-keys'?: number }): Promise<{
      objects?: { name: string; versionId: string }[];
      deleteMarker?: { name: string; versionId: string }[];
    }>;
    putBucket(bucket: string): Promise<Answer>;
    putBucketVersioning(bucket: string, status: 'Enabled' | 'Suspended'): Promise<Answer>;
  }
  export = OSS;
}
