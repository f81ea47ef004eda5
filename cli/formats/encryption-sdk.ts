import { derLayout } from './encryption-sdk/der-layout';
import { formatOf } from './encryption-sdk/format-of';

export const encryptionSdk = formatOf(
  derLayout,
  "Alibaba's Encryption SDK, of Java and Python: a byte array (ASN.1)",
);
