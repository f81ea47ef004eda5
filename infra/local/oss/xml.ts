import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { OssError } from './errors';

/** An element's content: text, or child elements by name; a list repeats the element, undefined leaves it out. */
export type Content = string | number | boolean | { [name: string]: Content | Content[] | undefined };

/** Renders one XML document with the declaration that OSS writes. */
export function xmlDocument(root: string, content: Content): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, content)}`;
}

function element(name: string, content: Content): string {
  return `<${name}>${inner(content)}</${name}>`;
}

function inner(content: Content): string {
  if (typeof content !== 'object') return escaped(String(content));
  return Object.entries(content)
    .flatMap(([name, value]) => [value].flat().map((one) => (one === undefined ? '' : element(name, one))))
    .join('');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** A parsed element; read it with `child`, `children` and `text`. */
export type Node = { [name: string]: unknown } | string;

const parser = new XMLParser({ parseTagValue: false, trimValues: false, ignoreDeclaration: true });

/** Parses a request document and returns the content of its root element. Throws MalformedXML. */
export function parseXml(document: string, root: string): Node {
  if (XMLValidator.validate(document) !== true) throw new OssError('MalformedXML');
  const parsed: unknown = parser.parse(document);
  const content = children(parsed, root)[0];
  if (content === undefined) throw new OssError('MalformedXML');
  return content;
}

/** Every child element of that name, in order. */
export function children(node: unknown, name: string): Node[] {
  if (typeof node !== 'object' || node === null) return [];
  const found: unknown = Object.entries(node).find(([key]) => key === name)?.[1];
  return [found].flat().filter(isNode);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}

/** The text of the only child element of that name, or undefined when it is absent or not plain text. */
export function text(node: Node, name: string): string | undefined {
  const [first, ...more] = children(node, name);
  return typeof first === 'string' && more.length === 0 ? first : undefined;
}
