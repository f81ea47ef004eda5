import type { Vault } from '../cloud/vault';
import { openChunks, type openEnvelope } from '../envelope/envelope';
import { envelopeRange } from '../envelope/layout';
import type { OutgoingPart } from '../transfer/transfer';
import { cut, type Slice } from './ranges';
import type { SealedEnvelope } from './read-envelope';

type Message = ReturnType<typeof openEnvelope>['message'];

/** A part of the download: its chunks, fetched and opened, cut down to its bytes. */
export function outgoing(
  { vault }: { vault: Vault },
  { stored, header }: SealedEnvelope,
  message: Message,
  slice: Slice,
): OutgoingPart {
  const { number, chunks, plaintext } = slice;
  const sealed = envelopeRange(header.length, chunks, message);
  return {
    number,
    size: plaintext.to - plaintext.from,
    content: () => cut(slice, message, openChunks(message, chunks, vault.read(stored, sealed))),
  };
}
