import { acs3Headers } from './acs3';
import type { LocalDeployment } from './deployment';

/** What runs where, the keys to it, and what to try. */
export async function showPlaces(local: LocalDeployment): Promise<void> {
  const { cloud, fc, owner, inbox, decryptUrl, downloadsUrl } = local;
  const { accessKeyId, accessKeySecret } = owner.credentials;
  const putUrl = await inbox.signatureUrlV4('PUT', 3600, {}, 'from-curl.txt');
  const signed = Object.entries(acs3Headers('POST', decryptUrl, owner.credentials));
  const headers = signed.map(([name, value]) => `-H '${name}: ${value}'`).join(' ');
  console.log(`
OSS        ${cloud.oss.endpoint} (path style; virtual hosts: *.oss-${cloud.region}-internal.localhost)
KMS        ${cloud.kms.endpoint}
FC         ${fc.endpoint} (InvokeFunction)
downloads  ${downloadsUrl}
requests   ${decryptUrl}
keys       AccessKeyId ${accessKeyId}  AccessKeySecret ${accessKeySecret}

For the 'ask' of the README:
  export URL=${new URL(decryptUrl).origin} ID=${accessKeyId} SECRET=${accessKeySecret}

Upload with curl (this URL is good for an hour):
  curl -T README.md '${putUrl}'

Upload with ali-oss, from this folder:
  node -e "const OSS = require('ali-oss'); new OSS({ authorizationV4: true, region: 'oss-${cloud.region}', endpoint: '${cloud.oss.endpoint}', sldEnable: true, bucket: '${local.stack.outputs.InboxBucket}', accessKeyId: '${accessKeyId}', accessKeySecret: '${accessKeySecret}' }).put('from-node.txt', Buffer.from('hello')).then((r) => console.log(r.res.status))"

Ask for a download (this signature is good for 15 minutes, for any key):
  curl -X POST ${decryptUrl} ${headers} -H 'content-type: application/json' -d '{"key": "from-curl.txt"}'

Ctrl-C stops everything; the data stays.`);
}
