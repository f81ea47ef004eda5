import type { Oss } from '../store/operation';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { children, type Node } from '../wire/xml';
import type { Due } from './lifecycle-due';
import { type Rule, readRule, type Transition } from './lifecycle-rules';

/**
 * Checks a whole configuration: 1 to 1000 rules with distinct ids, each with an action; rules whose prefixes overlap
 * must not have the same action, unless the request allows it. Throws MalformedXML, InvalidArgument, InvalidRequest.
 */
export function checkLifecycle(content: Node, _oss: Oss, { headers }: OssRequest): void {
  if (typeof content === 'string') throw new OssError('MalformedXML', { ec: '0014-00000011' });
  const alien = Object.keys(content).find((name) => name !== 'Rule' && name !== '#text');
  if (alien !== undefined) throw new OssError('MalformedXML', { ec: '0014-00000015' });
  const rules = children(content, 'Rule').map(readRule);
  if (rules.length === 0 || rules.length > 1000) throw new OssError('MalformedXML');
  const ids = rules.map(({ id }) => id).filter((id) => id !== '');
  if (new Set(ids).size < ids.length) throw invalid('Rule ID must be unique.');
  for (const rule of rules) checkRule(rule);
  checkOverlaps(rules, headers['x-oss-allow-same-action-overlap'] === 'true');
}

function checkRule(rule: Rule): void {
  if (actionsOf(rule).length === 0) throw invalid('A rule must have an action.');
  const tagsForbidden = rule.abort !== undefined || rule.expiredDeleteMarker;
  if (tagsForbidden && rule.tags.length > 0) {
    throw invalid(
      'Tag cannot be used with AbortMultipartUpload or ExpiredObjectDeleteMarker.',
      '0014-00000027',
    );
  }
  checkKinds(rule);
  checkOrder(rule.transitions, rule.expiration);
  checkOrder(rule.noncurrentTransitions, rule.noncurrentExpiration);
}

function checkKinds({ expiration, transitions }: Rule): void {
  if (expiration === undefined) return;
  const other = transitions.find((transition) => 'days' in transition !== 'days' in expiration);
  if (other === undefined) return;
  const what = `Expiration and Transition for StorageClass ${other.storageClass} actions`;
  throw new OssError('InvalidRequest', {
    message: `Found mixed CreatedBeforeDate and Days based ${what}`,
    ec: '0014-00000080',
  });
}

const warmth = ['IA', 'Archive', 'ColdArchive', 'DeepColdArchive'];

// To colder classes later, and deleted last.
function checkOrder(transitions: Transition[], end: Due | undefined): void {
  const inOrder = [...transitions].sort(
    (a, b) => warmth.indexOf(a.storageClass) - warmth.indexOf(b.storageClass),
  );
  const days = [...inOrder, ...(end ? [end] : [])].flatMap((due) => ('days' in due ? [due.days] : []));
  const ascending = days.every((one, at) => one > (days[at - 1] ?? 0));
  if (!ascending)
    throw invalid('The Days of a rule must be more for colder classes, and most for Expiration.');
}

function actionsOf(rule: Rule): string[] {
  return [
    ...(rule.expiration || rule.expiredDeleteMarker ? ['Expiration'] : []),
    ...(rule.noncurrentExpiration ? ['NoncurrentVersionExpiration'] : []),
    ...(rule.abort ? ['AbortMultipartUpload'] : []),
    ...rule.transitions.map(({ storageClass }) => `Transition to ${storageClass}`),
    ...rule.noncurrentTransitions.map(({ storageClass }) => `NoncurrentVersionTransition to ${storageClass}`),
  ];
}

// Rules that ask for tags or make exceptions may well be about other objects. Unfinished uploads have no tags, and
// what aborts them must never overlap.
function checkOverlaps(rules: Rule[], allowed: boolean): void {
  const plain = rules.filter(({ tags, not }) => tags.length === 0 && not.length === 0);
  plain.forEach((rule, at) => {
    const others = plain.slice(at + 1).filter(({ prefix }) => overlap(prefix, rule.prefix));
    const counts = actionsOf(rule).filter((action) => !allowed || action === 'AbortMultipartUpload');
    const twice = counts.find((action) => others.some((other) => actionsOf(other).includes(action)));
    if (twice === undefined) return;
    throw new OssError('InvalidRequest', {
      message: `Overlap for same action type ${twice}`,
      ec: '0014-00000084',
    });
  });
}

function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

function invalid(message: string, ec?: string): OssError {
  return new OssError('InvalidArgument', { message, ...(ec === undefined ? {} : { ec }) });
}
