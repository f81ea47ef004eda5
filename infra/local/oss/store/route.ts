import type { Operation } from './operation';

/** One API call: how a request for it looks, and what answers it. Without `answer` it is not implemented yet. */
export type Route = {
  operation: string;
  method: string;
  on: 'service' | 'bucket' | 'object';
  /** The sub-resource: a query parameter that makes it this operation. */
  sub?: string;
  /** A further parameter that makes it this operation, and what it must be. */
  and?: [name: string, value?: string];
  /** A request header that makes it this operation. */
  header?: string;
  /** Further query parameters, and headers that change what it answers, that it knows. */
  parameters?: string[];
  answer?: Operation;
};
