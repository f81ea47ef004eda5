import { InvalidArgumentError } from '@commander-js/extra-typings';

/** Reads the value of an option: a whole number, both ends included. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

/** An option that may be given more than once. */
export function many(text: string, before: string[] = []): string[] {
  return [...before, text];
}
