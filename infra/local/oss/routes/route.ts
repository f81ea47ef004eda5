import type { Operation } from '../store/operation';

/** One API call: how a request for it looks, what answers it, and what its caller must be allowed to do. */
export type Route = {
  operation: string;
  method: string;
  on: 'service' | 'bucket' | 'object';
  /** The sub-resource: a query parameter that makes it this operation. */
  sub: string | undefined;
  /** A further parameter that makes it this operation, and what it must be. */
  and: [name: string, value: string | undefined] | undefined;
  /** Absent where it is not implemented yet. */
  answer: Operation | undefined;
} & Particulars;

type Particulars = {
  /** A request header that makes it this operation. */
  header?: string;
  /** Further query parameters, and headers that change what it answers, that it knows. */
  parameters: readonly string[];
  /** The RAM action that it needs (OSS docs, "Authorization syntax and elements"). */
  action: string;
  /** What it needs instead where a versionId is given. */
  ofVersion?: readonly string[];
  /** Whether tags in a header need a permission of their own. */
  writesTags?: true;
  /** Whether it also reads the object that x-oss-copy-source names. */
  readsSource?: true;
  /** Whether it asks by itself for each of the keys in its body. */
  checksKeys?: true;
  /** Whether the key, the signature and all that headers say elsewhere are in a form. */
  isForm?: true;
  /** Whether a browser sends it by itself, before the request to come and without credentials. */
  isPreflight?: true;
};

type Shape = `${'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE' | 'OPTIONS'} ${Route['on']}${'' | `?${string}`}`;

/**
 * A line of the table: `GET object?live&comp=stat` is the method, what it is about, the sub-resource and the further
 * parameter. The action has the operation's own name unless `more` says another one.
 */
export function route(
  operation: string,
  shape: Shape,
  answer?: Operation,
  more?: Partial<Particulars>,
): Route {
  const [method = '', on, sub, name, value] = shape.split(/[ ?&=]/);
  return {
    operation,
    method,
    on: on as Route['on'],
    sub,
    and: name === undefined ? undefined : [name, value],
    answer,
    parameters: [],
    action: `oss:${operation}`,
    ...more,
  };
}

/**
 * What reading an object needs. CopyObject's page says that reading a version takes both actions, no page says so of
 * GetObject: both, which is the stricter.
 */
export const reads = {
  action: 'oss:GetObject',
  ofVersion: ['oss:GetObject', 'oss:GetObjectVersion'],
} as const;

/** What writing an object needs. */
export const writes = { action: 'oss:PutObject' } as const;
