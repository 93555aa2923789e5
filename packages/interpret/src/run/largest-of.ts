/** The largest of any number of numbers, where `Math.max(...values)` overflows the stack; −Infinity of none. */
export function largestOf(values: Iterable<number>): number {
  let largest = -Infinity;
  for (const value of values) largest = Math.max(largest, value);
  return largest;
}
