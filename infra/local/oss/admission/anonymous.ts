import type { Credentials } from '../../ram/credentials';

/** The caller of a request without a signature. */
export const anonymous: Pick<Credentials, 'arn' | 'accessKeyId'> = { arn: 'anonymous', accessKeyId: '' };
