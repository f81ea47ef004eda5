import { sameETag } from './conditions';
import { OssError } from './errors';
import type { Part, Upload } from './uploads';
import { children, type Node, parseXml, text } from './xml';

const smallestPart = 100 * 1024;

/**
 * The parts that the body of a CompleteMultipartUpload lists. Throws MalformedXML, InvalidPartOrder unless the
 * numbers ascend, InvalidPart when one was not uploaded or has another ETag, EntityTooSmall when one other than
 * the last has less than 100 KB.
 */
export function partsToJoin(upload: Upload, body: string): Part[] {
  const listed = children(parseXml(body, 'CompleteMultipartUpload'), 'Part').map(readPart);
  if (listed.length === 0) throw new OssError('MalformedXML');
  checkOrder(listed);
  const parts = listed.map((one) => uploaded(upload, one));
  const small = parts.slice(0, -1).find(({ size }) => size < smallestPart);
  if (small) throw tooSmall(small);
  return parts;
}

type Listed = { number: number; eTag: string };

function readPart(node: Node): Listed {
  const number = Number(text(node, 'PartNumber') ?? Number.NaN);
  const eTag = text(node, 'ETag');
  if (Number.isInteger(number) && eTag !== undefined) return { number, eTag };
  throw new OssError('MalformedXML');
}

function checkOrder(listed: Listed[]): void {
  const ascending = listed.every(({ number }, at) => number > (listed[at - 1]?.number ?? 0));
  if (!ascending) throw new OssError('InvalidPartOrder');
}

function uploaded(upload: Upload, { number, eTag }: Listed): Part {
  const part = upload.parts.get(number);
  if (part && sameETag(eTag, part.eTag)) return part;
  const extra = { UploadId: upload.uploadId, PartNumber: String(number), PartEtag: eTag };
  throw new OssError('InvalidPart', { extra });
}

function tooSmall({ number, size, eTag }: Part): OssError {
  const extra = {
    MinSizeAllowed: String(smallestPart),
    ProposedSize: String(size),
    PartNumber: String(number),
    ETag: eTag,
  };
  return new OssError('EntityTooSmall', { extra });
}
