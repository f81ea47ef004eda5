/** What a message of Alibaba's Encryption SDK is encrypted with. Sizes in bytes. */
export type Algorithm = {
  id: number;
  name: string;
  keyBytes: number;
  ivBytes: number;
  /** 0 where nothing proves the body. */
  tagBytes: number;
  /** Of node:crypto, of the body and of the header's tag; undefined where it has no such ciphers. */
  ciphers: { body: string; header: 'aes-128-gcm' | 'aes-256-gcm' } | undefined;
  /** Of CBC: whether the last block is padded. */
  isPadded: boolean;
};

const rows: [name: string, keyBytes: number, body: string | undefined][] = [
  ['AES-128-GCM', 16, 'aes-128-gcm'],
  ['AES-256-GCM', 32, 'aes-256-gcm'],
  ['AES-128-CBC', 16, 'aes-128-cbc'],
  ['AES-256-CBC', 32, 'aes-256-cbc'],
  ['AES-128-CBC-PKCS7', 16, 'aes-128-cbc'],
  ['AES-256-CBC-PKCS7', 32, 'aes-256-cbc'],
  ['AES-128-CTR', 16, 'aes-128-ctr'],
  ['AES-256-CTR', 32, 'aes-256-ctr'],
  ['SM4-GCM', 16, undefined],
  ['SM4-CBC', 16, undefined],
  ['SM4-CBC-PKCS7', 16, undefined],
  ['SM4-CTR', 16, undefined],
];

const algorithms = rows.map(([name, keyBytes, body], index): Algorithm => {
  const isGcm = name.endsWith('GCM');
  return {
    id: index + 1,
    name,
    keyBytes,
    ivBytes: isGcm ? 12 : 16,
    tagBytes: isGcm ? 16 : 0,
    ciphers: body === undefined ? undefined : { body, header: `aes-${keyBytes === 16 ? 128 : 256}-gcm` },
    isPadded: name.endsWith('PKCS7'),
  };
});

/** By its number: CryptoAlgorithm of the Java SDK, 1 to 12. */
export function algorithmOf(id: number): Algorithm | undefined {
  return algorithms[id - 1];
}
