/** `64 MiB`, `3.1 KiB`, `17 bytes`. */
export function humanBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} byte${bytes === 1 ? '' : 's'}`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), units.length);
  const value = bytes / 1024 ** power;
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${units[power - 1]}`;
}

/** `64 MiB in 1.2 s, 53 MiB/s`; a speed says nothing below a MiB. */
export function humanSpeed(bytes: number, ms: number): string {
  const time = ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
  if (bytes < 1_048_576) return `${humanBytes(bytes)} in ${time}`;
  return `${humanBytes(bytes)} in ${time}, ${humanBytes(Math.round((bytes * 1000) / Math.max(ms, 1)))}/s`;
}

/** `42 s`, `9 min`, `3.5 h`, `12 days`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Number((seconds / 3600).toFixed(1))} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
