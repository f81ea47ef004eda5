import type { Figure } from './figure';

export function to(digits: number, value: number): string {
  return value.toFixed(digits);
}

export function times(value: number): string {
  return `${to(2, value)} ×`;
}

/** The median, and how far the rounds lie apart. */
export function shown({ median, spread, rounds }: Figure, digits = 2): string {
  return rounds.length > 1 ? `${to(digits, median)} ±${to(0, spread * 100)} %` : to(digits, median);
}

/** Binary, as sizes are planned. */
export function bytes(size: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = size > 0 ? Math.min(units.length - 1, Math.floor(Math.log2(size) / 10)) : 0;
  return `${Math.round(size / 1024 ** power)} ${units[power]}`;
}
