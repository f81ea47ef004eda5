import { humanBytes } from '../../terminal/human';
import type { Output } from '../../terminal/output';
import { shown } from '../../terminal/shown';
import type { Found, Marked } from './entries';
import type { Size } from './size';

export type Sized = (Found & { size: Size }) | Marked | { folder: string };

/** Shows what is found, as it is found. */
export type Listing = {
  entry(entry: Sized): void;
  /** `wrong`: how many have no size. */
  end(): { wrong: number; isEmpty: boolean };
};

type Form = { isLong: boolean; versions?: true | undefined };

export function createListing(output: Output, { isLong, versions }: Form): Listing {
  const total = { envelopes: 0, folders: 0, deleteMarkers: 0, bytesAtLeast: 0, bytesAtMost: 0, wrong: 0 };
  const line = isLong ? (entry: Sized) => longLine(entry, versions) : nameOf;
  return {
    entry(entry) {
      if ('folder' in entry) total.folders++;
      else if ('marker' in entry) total.deleteMarkers++;
      else if ('wrong' in entry.size) total.wrong++;
      else {
        total.envelopes++;
        total.bytesAtLeast += entry.size.least;
        total.bytesAtMost += entry.size.most;
      }
      output.item(itemOf(entry));
      output.say(line(entry));
    },
    end() {
      const { envelopes, folders, deleteMarkers, wrong, bytesAtLeast, bytesAtMost } = total;
      output.item(total);
      const others = Object.entries({ folders, 'delete markers': deleteMarkers, 'no envelopes': wrong })
        .filter(([, count]) => count > 0)
        .map(([name, count]) => `, ${name}: ${count}`);
      const about = bytesAtLeast < bytesAtMost ? '~' : '';
      if (isLong)
        output.note(`envelopes: ${envelopes}, ${about}${humanBytes(bytesAtMost)}${others.join('')}`);
      return { wrong, isEmpty: envelopes + folders + deleteMarkers + wrong === 0 };
    },
  };
}

function itemOf(entry: Sized): object {
  if ('folder' in entry) return entry;
  if ('marker' in entry) return { ...entry.marker, isCurrent: entry.isCurrent, isDeleteMarker: true };
  const { key, versionId, size: envelopeBytes, lastModified, isCurrent } = entry.version;
  return {
    key,
    versionId,
    ...bytesOf(entry.size),
    envelopeBytes,
    lastModified,
    isCurrent,
    older: entry.older,
  };
}

function bytesOf(size: Size): object {
  if ('wrong' in size) return size;
  const { least, most, ...rest } = size;
  return { ...(least === most ? { bytes: least } : { bytesAtLeast: least, bytesAtMost: most }), ...rest };
}

function nameOf(entry: Sized): string {
  if ('folder' in entry) return shown(entry.folder);
  return shown('marker' in entry ? entry.marker.key : entry.version.key);
}

/** Columns; names are data of others and stand last. */
function longLine(entry: Sized, versions?: true): string {
  const name = nameOf(entry);
  if ('folder' in entry) return `${''.padStart(WIDTH)}  ${''.padEnd(TIME)}  ${name}`;
  const { lastModified, versionId } = 'marker' in entry ? entry.marker : entry.version;
  const size = 'marker' in entry ? 'deleted' : sizeText(entry.size);
  const id = versions ? `  ${versionId}` : '';
  const older = !versions && 'older' in entry && entry.older > 0 ? `  (${entry.older} older)` : '';
  const wrong = 'size' in entry && 'wrong' in entry.size ? `  ${shown(entry.size.wrong)}` : '';
  return `${size.padStart(WIDTH)}  ${lastModified.replace('.000Z', 'Z')}${id}  ${name}${older}${wrong}`;
}

const WIDTH = '~1023 bytes'.length;
const TIME = '2026-01-01T00:00:00Z'.length;

function sizeText(size: Size): string {
  if ('wrong' in size) return '?';
  return `${size.least < size.most ? '~' : ''}${humanBytes(size.most)}`;
}
