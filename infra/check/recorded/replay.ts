import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { acs3Headers } from '../../run/acs3';
import type { LocalDeployment } from '../../run/deployment';
import type { Call } from './record';

/** Deploys what was recorded, every value as it was, to a local cloud, and sends a file all the way through it. */
export async function replayCalls(calls: Call[], local: LocalDeployment, folder: string): Promise<string[]> {
  const deployed = calls.filter(({ method }) => method === 'deploy');
  const resources = deployed.map(({ component, resource, props }) => {
    const code = props.code === undefined ? {} : { code: resolve(String(props.code)) };
    return [resource, { component, props: { ...props, ...code } }] as const;
  });
  const file = join(folder, 'recorded.yaml');
  await writeFile(
    file,
    stringify({ edition: '3.0.0', name: 'recorded', resources: Object.fromEntries(resources) }),
  );
  const fc = await local.cloud.deploy(file, {});
  return journey({ ...local, decryptUrl: `${fc.functions.get('oss-envelope-decrypt')?.httpUrl}/downloads` });
}

async function journey({ cloud, inbox, decryptUrl, owner }: LocalDeployment): Promise<string[]> {
  const [key, content] = ['recorded.bin', randomBytes(100_000)];
  await inbox.put(key, content, {});
  await cloud.idle();
  const headers = acs3Headers('POST', decryptUrl, owner.credentials);
  const answer = await fetch(decryptUrl, { method: 'POST', headers, body: JSON.stringify({ key }) });
  const { url = '' } = (await answer.json()) as { url?: string };
  if (answer.status !== 201) return [`POST /downloads answers ${answer.status}`];
  const opened = Buffer.from(await (await fetch(url)).arrayBuffer());
  return opened.equals(content) ? [] : ['the download is not what was uploaded'];
}
