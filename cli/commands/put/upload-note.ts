import { createHash, randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { holdAlone } from '../../files/alone';
import { hiddenBeside } from '../../files/hidden-beside';
import type { Input } from '../../files/input';

/** An upload that has begun, and of what: another process may go on with it as long as the file is the same. */
type BegunUpload = { uploadId: string; size: number; modifiedAt: number; partBytes: number };

/** A note beside a file of the one upload of it to one place that is under way. */
export type UploadNote = {
  /** The upload, for this process alone. Throws `in-use`. */
  hold(): Promise<() => Promise<void>>;
  /** Undefined where there is none of the file as it is now. */
  read(): Promise<BegunUpload | undefined>;
  /** False where the folder takes no files: then nobody goes on with this upload. */
  write(uploadId: string): Promise<boolean>;
  remove(): Promise<void>;
};

export type Noted = {
  file: string;
  input: Pick<Input, 'size' | 'modifiedAt'>;
  partBytes: number;
  /** Where to, and with which headers: an upload to elsewhere has a note of its own. */
  target: unknown;
};

export function uploadNote({ file, input, partBytes, target }: Noted): UploadNote {
  const digest = createHash('sha256')
    .update(JSON.stringify([basename(file), target]))
    .digest('hex')
    .slice(0, 12);
  const path = `${hiddenBeside(file)}${digest}.put.json`;
  const own = { size: input.size, modifiedAt: input.modifiedAt.getTime(), partBytes };
  return {
    hold: () => holdAlone(path, `upload ${file}`),
    async read() {
      const text = await readFile(path, 'utf8').catch(() => '');
      const begun = parsed(text);
      return begun && isSame(begun, own) ? begun : undefined;
    },
    async write(uploadId) {
      const half = `${path}.${randomBytes(6).toString('hex')}`;
      try {
        await writeFile(half, JSON.stringify({ uploadId, ...own }), { mode: 0o600, flag: 'wx' });
        await rename(half, path);
        return true;
      } catch {
        await rm(half, { force: true }).catch(() => {});
        return false;
      }
    },
    remove: () => rm(path, { force: true }),
  };
}

function parsed(text: string): BegunUpload | undefined {
  try {
    return JSON.parse(text) as BegunUpload;
  } catch {
    return undefined;
  }
}

function isSame(begun: BegunUpload, own: Omit<BegunUpload, 'uploadId'>): boolean {
  const { size, modifiedAt, partBytes } = own;
  if (typeof begun.uploadId !== 'string') return false;
  return begun.size === size && begun.modifiedAt === modifiedAt && begun.partBytes === partBytes;
}
