/** One call of the local cloud, as a test or an injected fault sees it. Secrets are left out. */
export type Call = {
  service: 'oss' | 'kms' | 'fc';
  /** The API's own name, for example `UploadPart` or `GenerateDataKey`. */
  operation: string;
  bucket?: string;
  key?: string;
  query: Record<string, string>;
  /** Lower-case names, without authorization and security tokens. */
  headers: Record<string, string>;
  /** The caller's arn. */
  principal: string;
};

/**
 * Throwing an OssError / KmsError from `before` makes the request fail with it before anything is applied; any
 * other error destroys the connection. `after` runs once the operation is applied and before the answer is
 * written: throwing there loses the answer (connection destroyed).
 */
export type Hooks = {
  before?: (call: Call) => void | Promise<void>;
  after?: (call: Call) => void | Promise<void>;
};
