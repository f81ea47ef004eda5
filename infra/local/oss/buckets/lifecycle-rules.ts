import { randomUUID } from 'node:crypto';
import type { Tag } from '../store/versions';
import { OssError } from '../wire/errors';
import { children, type Node, parseXml, text } from '../wire/xml';
import { type Due, readDue } from './lifecycle-due';

/** What a rule is about: objects under a prefix with all these tags, but for the exceptions. Sizes in bytes. */
export type Scope = {
  prefix: string;
  tags: Tag[];
  not: { prefix: string; tag: Tag | undefined }[];
  largerThan: number | undefined;
  smallerThan: number | undefined;
};

/** `byAccess`: days since the last access, of which nothing is known here, so that it never is due. */
export type Transition = Due & { storageClass: string; byAccess: boolean };

/** One rule of a LifecycleConfiguration (OSS docs, "PutBucketLifecycle"). */
export type Rule = Scope & {
  id: string;
  enabled: boolean;
  expiration: Due | undefined;
  expiredDeleteMarker: boolean;
  transitions: Transition[];
  noncurrentExpiration: Due | undefined;
  noncurrentTransitions: Transition[];
  abort: Due | undefined;
};

/** The rules of a stored document. */
export function lifecycleRules(document: string): Rule[] {
  return children(parseXml(document, 'LifecycleConfiguration'), 'Rule').map(readRule);
}

/** Gives every rule without an ID one, as OSS does. */
export function withRuleIds(document: string): string {
  return document.replace(/<Rule>([\s\S]*?)<\/Rule>/g, (rule, content: string) => {
    if (/<ID>\s*[^<\s]/.test(content)) return rule;
    const others = content.replace(/<ID>\s*<\/ID>|<ID\s*\/>/, '');
    return `<Rule><ID>${randomUUID()}</ID>${others}</Rule>`;
  });
}

/** Reads a rule. Throws MalformedXML, InvalidArgument. */
export function readRule(node: Node): Rule {
  const status = text(node, 'Status') ?? '';
  if (!['Enabled', 'Disabled'].includes(status)) throw new OssError('MalformedXML');
  const [expiration] = children(node, 'Expiration');
  const expiredDeleteMarker =
    expiration !== undefined && text(expiration, 'ExpiredObjectDeleteMarker') === 'true';
  const [noncurrent] = children(node, 'NoncurrentVersionExpiration');
  const [abort] = children(node, 'AbortMultipartUpload');
  return {
    ...readScope(node),
    id: text(node, 'ID') ?? '',
    enabled: status === 'Enabled',
    expiration: expiration === undefined ? undefined : readExpiration(expiration, expiredDeleteMarker),
    expiredDeleteMarker,
    transitions: children(node, 'Transition').map((one) => readTransition(one)),
    noncurrentExpiration: noncurrent === undefined ? undefined : readDue(noncurrent),
    noncurrentTransitions: children(node, 'NoncurrentVersionTransition').map((one) => readTransition(one)),
    abort: abort === undefined ? undefined : readDue(abort),
  };
}

function readExpiration(node: Node, expiredDeleteMarker: boolean): Due | undefined {
  const dated = ['Days', 'CreatedBeforeDate', 'Date'].some((name) => text(node, name) !== undefined);
  return expiredDeleteMarker && !dated ? undefined : readDue(node, '0014-00000060');
}

function readScope(node: Node): Scope {
  const [filter = ''] = children(node, 'Filter');
  return {
    prefix: text(node, 'Prefix') ?? '',
    tags: children(node, 'Tag').map(readTag),
    not: children(filter, 'Not').map((one) => ({
      prefix: text(one, 'Prefix') ?? '',
      tag: children(one, 'Tag').map(readTag)[0],
    })),
    largerThan: readSize(filter, 'ObjectSizeGreaterThan'),
    smallerThan: readSize(filter, 'ObjectSizeLessThan'),
  };
}

function readTag(node: Node): Tag {
  const key = text(node, 'Key');
  if (!key) throw new OssError('MalformedXML');
  const value = text(node, 'Value') ?? '';
  if (!/^[A-Za-z0-9 +\-=._:/]*$/.test(key + value)) throw new OssError('InvalidTag');
  return { key, value };
}

function readSize(node: Node, name: string): number | undefined {
  const size = text(node, name);
  if (size === undefined) return undefined;
  if (!/^\d{1,15}$/.test(size)) throw new OssError('InvalidArgument', { message: `The ${name} is invalid.` });
  return Number(size);
}

const storageClasses = ['IA', 'Archive', 'ColdArchive', 'DeepColdArchive'];

function readTransition(node: Node): Transition {
  const storageClass = text(node, 'StorageClass') ?? '';
  if (!storageClasses.includes(storageClass)) {
    throw new OssError('InvalidArgument', { message: 'The StorageClass of a transition is invalid.' });
  }
  return { ...readDue(node), storageClass, byAccess: text(node, 'IsAccessTime') === 'true' };
}
