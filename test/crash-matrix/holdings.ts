import type { OssClient } from '../../functions/cloud/oss-client';
import {
  type DeleteMarker,
  listVersions,
  type PageMarker,
  type Version,
} from '../../functions/cloud/versions';
import { bucketBy } from '../services';
import type { Stage } from './stage';

/** What a bucket has under one key, the newest first. */
type Held = { versions: Version[]; markers: DeleteMarker[] };
export type Holdings = { inbox: Held; vault: Held };

/** Of one key, now. Keys have one length, so a prefix is a key. */
export async function holdingsOf({ inbox, vault }: Stage, key: string): Promise<Holdings> {
  const [inInbox, inVault] = await Promise.all(
    [inbox, vault].map((client) => listVersions(bucketBy('', client), { prefix: key, maxKeys: 1000 })),
  );
  return { inbox: inInbox ?? nothing(), vault: inVault ?? nothing() };
}

/** Of every key. */
export async function allHoldings({ inbox, vault }: Stage): Promise<(key: string) => Holdings> {
  const [inInbox, inVault] = [await allOf(inbox), await allOf(vault)];
  return (key) => ({ inbox: inInbox.get(key) ?? nothing(), vault: inVault.get(key) ?? nothing() });
}

async function allOf(client: OssClient): Promise<Map<string, Held>> {
  const all = new Map<string, Held>();
  const heldUnder = (key: string) => {
    const held = all.get(key) ?? nothing();
    all.set(key, held);
    return held;
  };
  for (let after: PageMarker | undefined; ; ) {
    const { versions, markers, next } = await listVersions(bucketBy('', client), { after, maxKeys: 1000 });
    for (const version of versions) heldUnder(version.key).versions.push(version);
    for (const marker of markers) heldUnder(marker.key).markers.push(marker);
    if (!next) return all;
    after = next;
  }
}

function nothing(): Held {
  return { versions: [], markers: [] };
}
