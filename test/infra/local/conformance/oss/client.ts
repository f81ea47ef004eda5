import { type ClientOptions, type Client as CommonClient, createClient as open } from '../../oss/client';

type Headers = Record<string, string>;
type Answer = { res: { status: number; headers: Headers } };
type Options = { headers?: Headers; meta?: Headers; versionId?: string };
type Deleted = { Key: string; DeleteMarker?: string; DeleteMarkerVersionId?: string; VersionId?: string };
type OwnCalls = 'copy' | 'append' | 'deleteMulti' | 'putSymlink' | 'getSymlink' | 'uploadPartCopy';

/** What this suite uses of ali-oss 6.23. */
export type Client = Omit<CommonClient, OwnCalls> & {
  copy(
    name: string,
    from: string,
    options?: Options,
  ): Promise<Answer & { data: { etag: string; lastModified: string } }>;
  append(
    name: string,
    body: Buffer,
    options?: { position: number | string },
  ): Promise<Answer & { nextAppendPosition: string }>;
  deleteMulti(
    names: (string | { key: string; versionId: string })[],
    options?: { quiet?: boolean },
  ): Promise<Answer & { deleted: Deleted[] }>;
  putSymlink(name: string, target: string, options?: Options): Promise<Answer>;
  getSymlink(name: string): Promise<Answer & { targetName: string }>;
  uploadPartCopy(
    ...part: [
      name: string,
      id: string,
      number: number,
      range: string,
      source: { sourceKey: string; sourceBucketName: string },
    ]
  ): Promise<Answer & { etag: string }>;
};

/** The real client, in the virtual-host style of the real service, with V4 signatures. */
export function createClient(options: ClientOptions): Client {
  return open({ ...options, sldEnable: false }) as unknown as Client;
}
