/** Whether `text` fits a pattern of RAM's policy language: `*` is any number of characters, `?` is one. */
export function fitsWildcard(pattern: string, text: string): boolean {
  const [wanted, given] = [[...pattern], [...text]];
  let [next, at] = [0, 0];
  // Where the last star stands, and how much of the text it does not have to take. Earlier stars never change again.
  let [star, afterStar] = [-1, 0];
  while (at < given.length) {
    if (wanted[next] === '*') {
      star = next++;
      afterStar = at;
    } else if (wanted[next] === '?' || wanted[next] === given[at]) {
      next++;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++afterStar;
    } else return false;
  }
  return wanted.slice(next).every((rest) => rest === '*');
}
