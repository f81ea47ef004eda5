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

// Entities are left to `text`: the parser drops the control characters among them, which are legal in keys.
const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  processEntities: false,
});

/** Parses a request document, which may begin with white space, and returns its root element's content. Throws MalformedXML. */
export function parseXml(given: string, root: string): Node {
  const document = given.trimStart();
  if (/<!(DOCTYPE|ENTITY)/i.test(document) || nesting(document) > deepest) throw new OssError('MalformedXML');
  if (XMLValidator.validate(document) !== true) throw new OssError('MalformedXML');
  const content = children(parsed(document), root)[0];
  if (content === undefined) throw new OssError('MalformedXML');
  return content;
}

// The parser refuses names that mean something to JavaScript, and numbers of elements that nobody sends.
function parsed(document: string): unknown {
  try {
    return parser.parse(document);
  } catch {
    throw new OssError('MalformedXML');
  }
}

// No document of OSS is nested deeper, or brings entities of its own.
const deepest = 50;

function nesting(document: string): number {
  let [depth, most] = [0, 0];
  for (const [, closing, selfClosing] of document.matchAll(/<(\/?)[^<>?!][^<>]*?(\/?)>/g)) {
    depth += closing ? -1 : selfClosing ? 0 : 1;
    most = Math.max(most, depth);
  }
  return most;
}

/** A document without its declaration, to be put into another. */
export function documentIn(document: string): string {
  return document.replace(/^\s*<\?xml[^>]*\?>\s*/, '');
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
  return typeof first === 'string' && more.length === 0 ? unescaped(first) : undefined;
}

/** The texts of all child elements of that name that are plain text. */
export function texts(node: Node, name: string): string[] {
  const found = children(node, name);
  return found.filter((one) => typeof one === 'string').map(unescaped);
}

const characters = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }));

function unescaped(text: string): string {
  return text.replace(/&(?:(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));)?/gi, (_, hex, decimal, name) => {
    const code = Number.parseInt(hex ?? decimal, hex === undefined ? 10 : 16);
    const character = name === undefined ? characterOf(code) : characters.get(name);
    if (character === undefined) throw new OssError('MalformedXML');
    return character;
  });
}

function characterOf(code: number): string | undefined {
  const surrogate = code >= 0xd800 && code <= 0xdfff;
  return code > 0 && code <= 0x10ffff && !surrogate ? String.fromCodePoint(code) : undefined;
}
