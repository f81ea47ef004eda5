import { OssError } from '../wire/errors';
import { children, type Node, text } from '../wire/xml';
import { invalid } from './check-setting';

/** An index document, an error document or up to 20 routing rules. Throws MalformedXML, InvalidArgument. */
export function checkWebsite(content: Node): void {
  const [index] = children(content, 'IndexDocument');
  const [error] = children(content, 'ErrorDocument');
  const rules = children(children(content, 'RoutingRules')[0], 'RoutingRule');
  if (rules.length > 20) throw new OssError('MalformedXML');
  rules.forEach(checkRoutingRule);
  const suffix = index && text(index, 'Suffix');
  // A client that sets nothing but routing rules sends the others empty.
  if (rules.length > 0 && !suffix) return;
  if (index === undefined && error === undefined) throw new OssError('MalformedXML');
  if (index !== undefined && (!suffix || suffix.includes('/'))) throw invalid('Suffix', suffix ?? '');
  if (error !== undefined && !text(error, 'Key')) throw invalid('Key', '');
}

// Kept and given back; nobody is redirected here.
function checkRoutingRule(rule: Node): void {
  const number = text(rule, 'RuleNumber') ?? '';
  if (!/^[1-9]\d{0,8}$/.test(number)) throw invalid('RuleNumber', number);
  const [redirect] = children(rule, 'Redirect');
  if (redirect === undefined) throw new OssError('MalformedXML');
  const type = text(redirect, 'RedirectType') ?? '';
  if (!['Mirror', 'External', 'AliCDN', 'Internal'].includes(type)) throw invalid('RedirectType', type);
  if (type === 'Mirror' && !text(redirect, 'MirrorURL')) throw invalid('MirrorURL', '');
}
