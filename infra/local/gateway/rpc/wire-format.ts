import { rpcRefusal } from './errors';

export type WireFormat = 'json' | 'xml';

/** The common parameter Format. Throws InvalidParameter for what is neither JSON nor XML. */
export function wireFormat(parameters: Map<string, string>, usual: WireFormat): WireFormat {
  const format = (parameters.get('Format') ?? usual).toLowerCase();
  if (format !== 'json' && format !== 'xml') throw rpcRefusal('InvalidParameter', { parameter: 'Format' });
  return format;
}

/** An answer as it is sent; a list repeats its element. */
export function written(answer: object, format: WireFormat, root = 'KMS'): { type: string; text: string } {
  if (format === 'json') return { type: 'application/json;charset=utf-8', text: JSON.stringify(answer) };
  const text = `<?xml version="1.0" encoding="UTF-8"?>${element(root, answer)}`;
  return { type: 'text/xml;charset=utf-8', text };
}

function element(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => element(name, one)).join('');
  return `<${name}>${content(value)}</${name}>`;
}

function content(value: unknown): string {
  if (typeof value !== 'object' || value === null) return escaped(String(value));
  return Object.entries(value)
    .map(([name, one]) => element(name, one))
    .join('');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
