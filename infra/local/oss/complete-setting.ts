/** Adds what OSS adds to a document that does not say it: an element with its default, as the root's last child. */
export function withDefault(name: string, value: string): (document: string) => string {
  return (document) => {
    if (document.includes(`<${name}>`)) return document;
    return document.replace(/<\/[^<>]+>\s*$/, (end) => `<${name}>${value}</${name}>${end}`);
  };
}

/** Keeps the first of the elements of that name that say the same. */
export function withoutTwins(name: string): (document: string) => string {
  return (document) => {
    const seen = new Set<string>();
    return document.replace(new RegExp(`<${name}>[^<]*</${name}>`, 'g'), (element) => {
      if (seen.has(element)) return '';
      seen.add(element);
      return element;
    });
  };
}

/** OSS gives back `true` for the `True` that its Python SDK sends. */
export function withLowerCaseFlags(document: string): string {
  return document.replace(/>(True|False)</g, (flag) => flag.toLowerCase());
}
