import type { LocalDeployment } from '../../../infra/run/deployment';

/** Removes what a round has left in the vault and in the downloads bucket. */
export async function clean({ vault, downloads }: LocalDeployment): Promise<void> {
  for (let isMore = true; isMore; ) {
    const { objects, isTruncated } = await vault.getBucketVersions({ maxKeys: 1000 });
    for (const { name, versionId } of objects) await vault.delete(name, { versionId });
    isMore = isTruncated;
  }
  for (let isMore = true; isMore; ) {
    const { objects = [], isTruncated } = await downloads.listV2({ 'max-keys': '1000' });
    const names = objects.map(({ name }) => name);
    if (names.length > 0) await downloads.deleteMulti(names, { quiet: true });
    isMore = isTruncated;
  }
}
