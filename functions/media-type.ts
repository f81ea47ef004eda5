/** RFC 9110, sections 5.6.2 and 8.3.1, with at most the one parameter that text may have. */
const FORM =
  /^([!#$%&'*+.^_`|~\dA-Za-z-]+\/[!#$%&'*+.^_`|~\dA-Za-z-]+)(?:[ \t]*;[ \t]*charset=(utf-8|us-ascii|"utf-8"|"us-ascii"))?$/i;

/**
 * A media type in lower case, without its parameter. Undefined where it has not that form in ASCII, or says anything beside:
 * of the parameters only `charset`, of text, as UTF-8 or US-ASCII.
 */
export function plainMediaType(contentType: string): string | undefined {
  const [, type, charset] = FORM.exec(contentType) ?? [];
  const essence = type?.toLowerCase();
  return charset === undefined || essence?.startsWith('text/') ? essence : undefined;
}
