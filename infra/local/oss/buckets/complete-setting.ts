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

/** Leaves out the cipher for data where the encryption is not by KMS and has no use for it. */
export function withoutIdleCipher(document: string): string {
  if (/<SSEAlgorithm>KMS</.test(document)) return document;
  return document.replace(/<KMSDataEncryption>[^<]*<\/KMSDataEncryption>|<KMSDataEncryption\/>/g, '');
}

/** Adds to a website's mirror rules what they do not say; PassQueryString is that of the mirror, whatever it says. */
export function withMirrorDefaults(document: string): string {
  return document.replace(/<Redirect>.*?<\/Redirect>/gs, (redirect) => {
    if (!/<RedirectType>Mirror</.test(redirect)) return redirect;
    const [, passes = 'false'] = /<MirrorPassQueryString>([^<]*)</.exec(redirect) ?? [];
    const said = redirect.replace(/<PassQueryString>[^<]*<\/PassQueryString>/, '');
    return Object.entries({ ...mirrorDefaults, PassQueryString: passes })
      .reduce((rule, [name, value]) => withDefault(name, value)(rule), said)
      .replace(/<MirrorHeaders>(?!.*<PassAll>)/s, '<MirrorHeaders><PassAll>false</PassAll>');
  });
}

const mirrorDefaults = {
  MirrorPassQueryString: 'false',
  MirrorFollowRedirect: 'true',
  MirrorCheckMd5: 'false',
};

/** Sorts the storage classes of an inventory's filter. */
export function withSortedClasses(document: string): string {
  return document.replace(/<StorageClass>([^<]*)<\/StorageClass>/, (_, classes: string) => {
    return `<StorageClass>${classes.split(',').sort().join(',')}</StorageClass>`;
  });
}
