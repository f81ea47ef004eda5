/** A time in ms as KMS writes it: `2026-11-20T23:57:01Z`. */
export function kmsDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
