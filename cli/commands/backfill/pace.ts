import { InvalidArgumentError } from '@commander-js/extra-typings';

/** `20`, `20/s`, `90/m`: a number a second. */
export function readRate(text: string): number {
  const [, digits, unit] = /^(\d{1,6}(?:\.\d{1,3})?)(?:\/([sm]))?$/.exec(text) ?? [];
  const rate = Number(digits) / (unit === 'm' ? 60 : 1);
  if (rate > 0 && rate <= 1000) return rate;
  throw new InvalidArgumentError('Give a number a second up to 1000 (20/s), or a minute (90/m).');
}

/** `90`, `90s`, `15m`, `2h`: ms. */
export function readDuration(text: string): number {
  const [, digits, unit = 's'] = /^(\d{1,6})([smh]?)$/.exec(text) ?? [];
  const seconds = { s: 1, m: 60, h: 3600 }[unit || 's'] ?? 1;
  if (digits !== undefined) return Number(digits) * seconds * 1000;
  throw new InvalidArgumentError('Give seconds (90), minutes (15m) or hours (2h).');
}
