import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buildDecrypt } from '@aws-crypto/decrypt-node';
import { buildEncrypt } from '@aws-crypto/encrypt-node';
import { AlgorithmSuiteIdentifier, CommitmentPolicy } from '@aws-crypto/material-management-node';
import { RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from '@aws-crypto/raw-aes-keyring-node';
import type { Codec } from './codec';

const policy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT;
// Without the signature at the end, which cannot be verified before a stream is over.
const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;

/** The AWS Encryption SDK for JavaScript; the library's own frames of 4 KiB where none are given. */
export function awsCodec(frameLength?: number): Codec {
  const keyring = new RawAesKeyringNode({
    keyName: 'bench',
    keyNamespace: 'bench',
    // The library refuses a view of memory that is shared, as every small Buffer is.
    unencryptedMasterKey: Uint8Array.from(randomBytes(32)),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  const { encryptStream } = buildEncrypt(policy);
  const { decryptUnsignedMessageStream } = buildDecrypt({
    commitmentPolicy: policy,
    maxEncryptedDataKeys: 1,
  });
  return {
    seal: (plaintext) =>
      through(plaintext, encryptStream(keyring, { suiteId, ...(frameLength && { frameLength }) })),
    open: (sealed) => through(sealed, decryptUnsignedMessageStream(keyring)),
  };
}

function through(source: AsyncIterable<Buffer>, stream: NodeJS.ReadWriteStream): AsyncIterable<Uint8Array> {
  const readable = Readable.from(source, { objectMode: false });
  readable.once('error', (error) => stream.emit('error', error));
  return readable.pipe(stream) as unknown as AsyncIterable<Uint8Array>;
}
