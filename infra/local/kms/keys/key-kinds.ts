import type { KeySpec, KeyUsage } from '../store/key';

/** What each kind of key is for (docs: "CreateKey"). SM2 and SM4 are not offered here. */
export const USAGES: Record<KeySpec, KeyUsage[]> = {
  Aliyun_AES_256: ['ENCRYPT/DECRYPT'],
  RSA_2048: ['ENCRYPT/DECRYPT', 'SIGN/VERIFY'],
  RSA_3072: ['ENCRYPT/DECRYPT', 'SIGN/VERIFY'],
  EC_P256: ['SIGN/VERIFY'],
  EC_P256K: ['SIGN/VERIFY'],
};
