import type { Input } from '../../files/input';
import type { Location } from '../../files/location';
import { asFailure, Failure } from '../../terminal/failure';
import { humanBytes } from '../../terminal/human';
import type { UploadNote } from './upload-note';

export type Progress = {
  /** What is there. */
  bytes: number;
  bytesBefore: number;
  /** The call is under way that makes an object of it. */
  isEnding: boolean;
  /** Of a multipart upload that has begun. */
  abort: (() => Promise<void>) | undefined;
};

type Left = { note: UploadNote | undefined; place: Location; input: Input };

/** The end of an upload that failed: what is there of it, in words; what nobody goes on with is aborted. */
export async function leave(
  { note, place, input }: Left,
  { bytes, isEnding, abort }: Progress,
  error: unknown,
): Promise<Failure> {
  const { code, said } = asFailure(error);
  const isUnknown = isEnding && !/-refused$/.test(code);
  const object = isUnknown
    ? `whether ${place.bucket} has a new object of this name is not known`
    : `${place.bucket} has no new object of this name`;
  if (!abort) return asFailure(error, { left: object });
  if (said?.code === 'NoSuchUpload') return gone(note, object);
  const isOfNoUse = !(await note?.read()) || bytes === 0 || code === 'file-changed';
  if (!isOfNoUse) {
    const parts = `${humanBytes(bytes)} of ${humanBytes(input.size)} are uploaded`;
    return asFailure(error, { left: `${object}; ${parts} and wait a week for the same command` });
  }
  await note?.remove();
  const aborted = await abort().then(
    () => 'the upload was aborted',
    () => 'an unfinished upload is left, which the inbox removes after a week',
  );
  return asFailure(error, { left: `${object}; ${aborted}` });
}

async function gone(note: UploadNote | undefined, left: string): Promise<Failure> {
  await note?.remove();
  return new Failure('in-use', 'Cannot go on with the upload: somebody else has completed or aborted it', {
    left,
    todo: 'run the same command again: it begins anew',
  });
}
