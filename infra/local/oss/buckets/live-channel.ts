import type { Bucket } from '../store/bucket';
import type { Oss } from '../store/operation';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { type Content, children, type Node, parseXml, text, xmlDocument } from '../wire/xml';

/** A channel for live streams. Nothing can be streamed to it here: it is kept and told of, and always idle. */
export type LiveChannel = {
  name: string;
  description: string;
  status: 'enabled' | 'disabled';
  /** Seconds of a fragment, and how many fragments a playlist has. */
  fragDuration: string;
  fragCount: string;
  playlistName: string;
  /** Milliseconds since 1970. */
  modified: number;
};

const folder = 'live/';

/** Under which name a bucket keeps the channel of that name. */
export function channelSetting(name: string): string {
  return `${folder}${name}`;
}

/** The channel as the bucket keeps it. */
export function channelDocument(channel: LiveChannel): string {
  const { description, status, modified } = channel;
  const told = { Description: description, Status: status, Target: targetOf(channel), Modified: modified };
  return xmlDocument('LiveChannel', told);
}

/** Where the fragments go, as answers tell it. */
export function targetOf({ fragDuration, fragCount, playlistName }: LiveChannel): Content {
  return { Type: 'HLS', FragDuration: fragDuration, FragCount: fragCount, PlaylistName: playlistName };
}

/** Where a client would stream to, and play from. */
export function channelUrls({ host }: Pick<Oss, 'host'>, bucket: string, channel: LiveChannel) {
  const { name, playlistName } = channel;
  return {
    PublishUrls: { Url: `rtmp://${bucket}.${host()}/live/${name}` },
    PlayUrls: { Url: `http://${bucket}.${host()}/${name}/${playlistName}` },
  };
}

/** The channel of the request. Throws NoSuchLiveChannel. */
export function findChannel({ settings }: Bucket, { key }: OssRequest): LiveChannel {
  const document = settings.get(channelSetting(key));
  if (document === undefined) throw new OssError('NoSuchLiveChannel', { extra: { ChannelId: key } });
  return channelOf(key, document);
}

/** Whether the bucket has any. */
export function hasChannels({ settings }: Bucket): boolean {
  return [...settings.keys()].some((name) => name.startsWith(folder));
}

/** Every channel of the bucket by name, as `pageOf` takes them. */
export function channels({ settings }: Bucket): Map<string, LiveChannel[]> {
  const own = [...settings].filter(([name]) => name.startsWith(folder));
  const named = own.map(([name, document]) => channelOf(name.slice(folder.length), document));
  return new Map(named.map((channel) => [channel.name, [channel]]));
}

function channelOf(name: string, document: string): LiveChannel {
  const content = parseXml(document, 'LiveChannel');
  return { ...readChannel(name, content), modified: Number(text(content, 'Modified')) };
}

/** Reads a configuration (OSS docs, "PutLiveChannel" and the pages 0044-00000014 to -18). Throws InvalidArgument. */
export function readChannel(name: string, content: Node): Omit<LiveChannel, 'modified'> {
  const [target = ''] = children(content, 'Target');
  const channel = {
    name,
    description: text(content, 'Description') ?? '',
    status: readStatus(text(content, 'Status')),
    fragDuration: text(target, 'FragDuration') || '5',
    fragCount: text(target, 'FragCount') || '3',
    playlistName: text(target, 'PlaylistName') || 'playlist.m3u8',
  };
  check('Type', text(target, 'Type') ?? '', /^HLS$/);
  check('FragDuration', channel.fragDuration, /^([1-9]\d?|100)$/, '0044-00000014');
  check('FragCount', channel.fragCount, /^([1-9]\d?|100)$/, '0044-00000015');
  check('PlaylistName', channel.playlistName, /^[^/]{1,123}\.m3u8$/, '0044-00000018');
  return channel;
}

/** Reads enabled or disabled; enabled where absent. Throws InvalidArgument. */
export function readStatus(status = 'enabled'): LiveChannel['status'] {
  if (status === 'enabled' || status === 'disabled') return status;
  throw invalid('Status', status);
}

type Checked = [name: string, value: string, pattern: RegExp, ec?: string];

function check(...[name, value, pattern, ec]: Checked): void {
  if (!pattern.test(value)) throw invalid(name, value, ec);
}

function invalid(name: string, value: string, ec?: string): OssError {
  return new OssError('InvalidArgument', {
    message: `The ${name} of the live channel is invalid.`,
    ...(ec !== undefined && { ec }),
    extra: { ArgumentName: name, ArgumentValue: value },
  });
}
