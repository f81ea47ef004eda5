import type { Part, Upload } from '../store/uploads';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { children, type Node, parseXml, text } from '../wire/xml';
import { sameETag } from './conditions';

const smallestPart = 100 * 1024;

/** The parts to be joined: those listed, or all with `x-oss-complete-all: yes`. Throws as below, InvalidArgument. */
export function partsOf(upload: Upload, { headers }: OssRequest, body: string): Part[] {
  const all = headers['x-oss-complete-all'];
  if (all === undefined) return partsToJoin(upload, body);
  if (all !== 'yes') {
    throw new OssError('InvalidArgument', {
      message: 'The x-oss-complete-all must be yes.',
      extra: { ArgumentName: 'x-oss-complete-all', ArgumentValue: all },
    });
  }
  if (body !== '') {
    const message = 'Should not speficy both complete all header and http body.'; // sic
    throw new OssError('InvalidArgument', { message, ec: '0042-00000216' });
  }
  return joinable([...upload.parts.values()].sort((a, b) => a.number - b.number));
}

/**
 * The parts that the body of a CompleteMultipartUpload lists. Throws MalformedXML, InvalidPartOrder unless the
 * numbers ascend, InvalidPart when one was not uploaded or has another ETag, EntityTooSmall when one other than
 * the last has less than 100 KB.
 */
function partsToJoin(upload: Upload, body: string): Part[] {
  const listed = children(parseXml(body, 'CompleteMultipartUpload'), 'Part').map(readPart);
  checkOrder(listed);
  return joinable(listed.map((one) => uploaded(upload, one)));
}

function joinable(parts: Part[]): Part[] {
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
