import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { MnsError } from './errors';

/** An element's content: its text, or its child elements by name. */
export type Element = { [name: string]: unknown } | string;

/** What to write: text, or child elements by name; a list repeats the element. */
export type Content = string | number | { [name: string]: Content | Content[] };

const NAMESPACE = 'http://mns.aliyuncs.com/doc/v1/';
// `htmlEntities` for the numeric ones, which every XML has.
const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  htmlEntities: true,
});

/** The root element of a request. Throws MalformedXML where it is not one of `roots`. */
export function parseXml(document: string, ...roots: string[]): { root: string; element: Element } {
  if (XMLValidator.validate(document) !== true) throw new MnsError('MalformedXML');
  const parsed = parsedDocument(document);
  const root = roots.find((name) => Object.hasOwn(parsed, name));
  const element = root === undefined ? undefined : parsed[root];
  if (root === undefined || !isElement(element)) throw new MnsError('MalformedXML');
  return { root, element };
}

function parsedDocument(document: string): Record<string, unknown> {
  try {
    return parser.parse(document) as Record<string, unknown>;
  } catch {
    throw new MnsError('MalformedXML');
  }
}

/** The text of the only child of that name; undefined where there is none. */
export function childText(element: Element, name: string): string | undefined {
  const [first, ...more] = children(element, name);
  if (first === undefined) return undefined;
  if (typeof first !== 'string' || more.length > 0) throw new MnsError('MalformedXML');
  return first;
}

/** The children of that name, in order. */
export function children(element: Element, name: string): Element[] {
  if (typeof element !== 'object' || !Object.hasOwn(element, name)) return [];
  return [element[name]].flat().filter(isElement);
}

/** One document of MNS, with its namespace. */
export function xmlDocument(root: string, content: Content): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${inner(content)}</${root}>`;
}

function inner(content: Content): string {
  if (typeof content !== 'object') return escaped(String(content));
  return Object.entries(content)
    .flatMap(([name, value]) => [value].flat().map((one) => `<${name}>${inner(one)}</${name}>`))
    .join('');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

// A carriage return would arrive as a line feed. What XML cannot hold at all arrives as U+FFFD.
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>\r]/g, (character) => entities[character] ?? character);
}

function isElement(value: unknown): value is Element {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}
