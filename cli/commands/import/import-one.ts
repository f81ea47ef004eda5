import type { Metadata } from '../../../functions/envelope/metadata';
import { sealToVault } from '../../envelope/seal-to-vault';
import { type Location, showLocation } from '../../files/location';
import { whileRunning } from '../../files/while-running';
import type { Format, FormatName } from '../../formats/format';
import { formatToolsOf } from '../../formats/format-tools';
import { type Opening, plaintextOf } from '../../formats/import-plaintext';
import type { Session } from '../../session/session';
import { Failure } from '../../terminal/failure';
import type { ChooseFormat } from './choose-format';
import type { Opened, Origin } from './opened';
import type { Source } from './sources';
import { isMadeFrom, standingAt, standsThere } from './standing';

export type How = {
  session: Session;
  choose: ChooseFormat;
  acceptUnauthenticated: boolean;
  force: boolean;
  dryRun: boolean;
  /** The key of KMS that is sealed under. */
  keyId: string;
  /** Of what does not hold it: the data key, wrapped. */
  wrappedKey: string | undefined;
  /** What sources may be under; undefined: the deployment's keys. */
  trustKey: string[] | undefined;
};

/** `already`: the vault's current envelope was made from this very source. `would-import`: a dry run found no obstacle. */
export type Imported = {
  outcome: 'imported' | 'already' | 'would-import';
  to: string;
  format?: FormatName;
  authenticated?: boolean;
  /** Of plaintext. */
  bytes?: number;
  versionId?: string | undefined;
  /** Whether it was looked to it that the newest envelope of the key is on top. */
  isSettled?: boolean;
  /** What was passed over in the source. */
  skipped?: Set<string>;
};

/** The user metadata of an envelope whose content nothing vouched for before it was sealed; its value is the format. */
const LABEL = 'imported-unauthenticated';

/** Opens a source and seals it into the vault; the source stays. Throws why it was not, and then the vault is as it was. */
export async function importOne(how: How, source: Source, place: Location): Promise<Imported> {
  const opened = await source.open();
  try {
    const standing = await standingAt(how.session, place);
    const to = showLocation(place);
    if (standing && isMadeFrom(standing, opened.origin))
      return { outcome: 'already', to, versionId: standing.versionId };
    if (standing && !how.force) throw standsThere(place);
    const format = await how.choose(opened.input, source.name);
    const authenticated = await format.isAuthenticated(opened.input);
    if (!authenticated && !how.acceptUnauthenticated) throw unauthenticated(source, format);
    const carried = await opened.metadata();
    const metadata = authenticated ? carried : labelled(carried, format);
    const what = { to, format: format.name, authenticated };
    if (how.dryRun) return { outcome: 'would-import', ...what };
    return { outcome: 'imported', ...what, ...(await seal(how, { ...opened, metadata }, place, format)) };
  } finally {
    await opened.input.close();
  }
}

type Sealable = Omit<Opened, 'metadata'> & { metadata: Metadata };
type Sealed = { bytes: number; versionId: string; isSettled: boolean; skipped: Set<string> };

async function seal(
  { session, keyId, wrappedKey, trustKey }: How,
  { input, origin, metadata }: Sealable,
  place: Location,
  format: Format,
): Promise<Sealed> {
  const skipped = new Set<string>();
  const tools = { ...formatToolsOf(session, trustKey), wrappedKey, skipped };
  const open: Opening = () => whileRunning(session.interrupted, format.open(input, tools));
  const { size, read } = await plaintextOf(open, {
    ciphertextBytes: input.size,
    size: async () => format.plaintextSize?.(input),
  });
  const source = { inbox: inboxOf(origin, size), metadata, read };
  // Others' formats open from their begin on only: one part after the other.
  const { bytes, versionId, isSettled } = await sealToVault(session, source, place, { keyId, parallel: 1 });
  return { bytes, versionId, isSettled, skipped };
}

/** In the order that the facts have. */
function inboxOf({ bucket, key, eTag, versionId, lastModified }: Origin, size: number) {
  return { bucket, key, eTag, versionId, size, lastModified };
}

function labelled({ userMetadata, ...rest }: Metadata, { name }: Format): Metadata {
  const others = userMetadata.filter(([one]) => one !== LABEL);
  return { ...rest, userMetadata: [...others, [LABEL, name]] };
}

function unauthenticated(source: Source, { name }: Format): Failure {
  const why = `nothing in this ${name} proves that it is what was written`;
  return new Failure('unauthenticated', `Cannot import ${source.name}: ${why}`, { left: 'the vault' });
}
