import { lowerAscii } from '../../../functions/characters';
import { checkMetadata, type Metadata } from '../../../functions/envelope/metadata';
import { Failure } from '../../terminal/failure';

export type LabelOptions = { contentType?: string; meta?: string[]; tag?: string[] };

/** What goes with the content. Throws `usage-wrong`, and `metadata-unsupported` for what OSS does not take. */
export function readLabels({ contentType, meta = [], tag = [] }: LabelOptions): Metadata {
  const labels: Metadata = {
    headers: contentType === undefined ? [] : [['content-type', contentType]],
    userMetadata: meta.map((text) => pair(text, '--meta')).map(([name, value]) => [lowerAscii(name), value]),
    tags: tag.map((text) => pair(text, '--tag')),
  };
  checkMetadata(labels);
  return labels;
}

function pair(text: string, option: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new Failure('usage-wrong', `Cannot read ${option} ${text}: give name=value`);
}
