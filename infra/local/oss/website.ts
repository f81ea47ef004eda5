import type { Admitted } from './admission/authenticate';
import { anonymous, type Caller } from './admission/caller';
import { getObject } from './operations/getObject';
import type { Route } from './routes/route';
import { isSubResource } from './routes/sub-resources';
import { type Bucket, currentObject } from './store/bucket';
import { type Answer, bucketOf, type Operation, type Oss } from './store/operation';
import { OssError } from './wire/errors';
import type { OssRequest } from './wire/request';
import { children, parseXml, text } from './wire/xml';

/** The pages of a bucket that is a website; `kind` is what a missing key without a slash at its end leads to. */
type Website = {
  index: string | undefined;
  ofEachFolder: boolean;
  kind: string;
  error: string | undefined;
  errorStatus: number;
};

/**
 * The request for the index page where a website has one for what is asked: everybody's GET of a key that ends in a
 * slash, and without a signature the GET of the bucket itself (OSS docs, "PutBucketWebsite").
 */
export function asPage({ store }: Pick<Oss, 'store'>, { request, caller }: Admitted): OssRequest {
  const bucket = store.buckets.get(request.bucket);
  const site = bucket && websiteOf(bucket);
  if (!site?.index || request.method !== 'GET' || !isPlain(request)) return request;
  if (request.key === '' && caller.arn === anonymous.arn) return { ...request, key: site.index };
  if (!request.key.endsWith('/')) return request;
  return { ...request, key: site.ofEachFolder ? request.key + site.index : site.index };
}

/** A GetObject without a signature that, where the key is missing, answers the page of the website for it. */
export function withPages(operation: Operation, { operation: name }: Route, { arn }: Caller): Operation {
  if (name !== 'GetObject' || arn !== anonymous.arn) return operation;
  return async (oss, request) => {
    try {
      return await operation(oss, request);
    } catch (error) {
      const missing = error instanceof OssError && error.code === 'NoSuchKey';
      const page = missing ? await pageInstead(oss, request) : undefined;
      if (page) return page;
      throw error;
    }
  };
}

// Signing and choosing headers of the answer is no question about something else than the object.
function isPlain({ query, key }: OssRequest): boolean {
  if (key === '') return query.size === 0;
  const asks = (name: string) => isSubResource(name) && !/^(x-oss-|response-|security-token)/.test(name);
  return ![...query.keys()].some(asks);
}

function websiteOf({ settings }: Bucket): Website | undefined {
  const document = settings.get('website');
  if (document === undefined) return undefined;
  const content = parseXml(document, 'WebsiteConfiguration');
  const [index = ''] = children(content, 'IndexDocument');
  const [error = ''] = children(content, 'ErrorDocument');
  return {
    index: text(index, 'Suffix'),
    ofEachFolder: text(index, 'SupportSubDir') === 'true',
    kind: text(index, 'Type') ?? '0',
    error: text(error, 'Key'),
    errorStatus: Number(text(error, 'HttpStatus') ?? 404),
  };
}

async function pageInstead(oss: Oss, request: OssRequest): Promise<Answer | undefined> {
  const bucket = bucketOf(oss, request);
  const site = websiteOf(bucket);
  if (!site) return undefined;
  const { index, ofEachFolder, kind } = site;
  const folderPage = index && ofEachFolder ? `${request.key}/${index}` : '';
  if (currentObject(bucket, folderPage) && kind === '0') return movedTo(`${request.key}/`);
  if (currentObject(bucket, folderPage) && kind === '2') return pageAt(oss, request, folderPage);
  if (!site.error || !currentObject(bucket, site.error)) return undefined;
  return { ...(await pageAt(oss, request, site.error)), status: site.errorStatus };
}

function movedTo(key: string): Answer {
  const path = key.split('/').map(encodeURIComponent).join('/');
  return { status: 302, headers: { location: `/${path}` } };
}

// The conditions and the range that were asked are those of another object.
async function pageAt(oss: Oss, request: OssRequest, key: string): Promise<Answer> {
  oss.checkKey('GetObject', { key });
  return getObject(oss, { ...request, key, query: new Map(), headers: {} });
}
