import { DATA } from '../../cli/session/local-cloud';
import type { LocalDeployment } from './deployment';

/** What runs where, the keys to it, and what to try. `data`: the folder, as it was given. */
export function showPlaces({ cloud, fc, owner, stack, ...local }: LocalDeployment, data: string): void {
  const { accessKeyId, accessKeySecret } = owner.credentials;
  const { InboxBucket, VaultBucket } = stack.outputs;
  const command = `npx oss-envelope --local${data === DATA ? '' : ` --data '${data.replaceAll("'", "'\\''")}'`}`;
  console.log(`
OSS        ${cloud.oss.endpoint} (path style; virtual hosts: *.oss-${cloud.region}-internal.localhost)
KMS        ${cloud.kms.endpoint}
FC         ${fc.endpoint} (InvokeFunction)
downloads  ${local.downloadsUrl}
requests   ${local.decryptUrl} (functions/decrypt/README.md)

For a client of your own:
  export OSS=${cloud.oss.endpoint} URL=${new URL(local.decryptUrl).origin} ID=${accessKeyId} SECRET=${accessKeySecret}

Try, in another shell:
  ${command} put package.json oss://${InboxBucket}/ --wait
  ${command} get oss://${VaultBucket}/package.json -o -
  ${command} doctor

Ctrl-C stops everything; the data stays.`);
}
