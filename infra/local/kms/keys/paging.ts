import type { Answer } from '../store/action';
import { type Range, wholeNumber } from '../wire/typed-parameters';

export type PageParameters = { PageNumber?: string; PageSize?: string };
type Listing<T> = { all: readonly T[]; sizes: Range };

/** One page of a list and the numbers that every list answers: PageNumber from 1, PageSize 10 if not given. */
export function page<T>(
  { PageNumber = '1', PageSize = '10' }: PageParameters,
  { all, sizes }: Listing<T>,
): { items: T[]; numbers: Answer } {
  const number = wholeNumber('PageNumber', PageNumber, { min: 1, max: 2 ** 31 - 1 });
  const size = wholeNumber('PageSize', PageSize, sizes);
  return {
    items: all.slice((number - 1) * size, number * size),
    numbers: { PageNumber: number, PageSize: size, TotalCount: all.length },
  };
}
