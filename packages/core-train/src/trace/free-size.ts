import type { AxisOfValue, FreeSize } from "./traced-graph.ts";

/** The size of one axis of one value in each run. */
export interface SizeSource extends AxisOfValue {
  readonly sizes: readonly number[];
}

/**
 * A formula that gives `numbers`, one for each run, from the sizes in the same runs: a size itself, a multiple or a part of it with something
 * added, or a product of several. `null` if there is none.
 *
 * @param near the sizes of what the number is used with
 * @param far all sizes known by then; only their equals are looked for
 */
export function fitSize(
  numbers: readonly number[],
  near: readonly SizeSource[],
  far: readonly SizeSource[],
): FreeSize | null {
  if (!numbers.every(Number.isInteger)) return null;
  const equal = [...near, ...far].find(({ sizes }) => sizes.every((size, run) => size === numbers[run]));
  if (equal !== undefined) return { of: [axisOf(equal)], times: 1, add: 0, over: 1 };
  for (const of of [...near.map((source) => [source]), ...pairs(near), ...triples(near)]) {
    const product = numbers.map((_, run) => of.reduce((total, { sizes }) => total * (sizes[run] ?? NaN), 1));
    const line = fitLine(numbers, product);
    if (line !== null) return { of: of.map(axisOf), ...line };
  }
  return null;
}

/** `n = floor((times · d + add) / over)` through all points, by the two that are farthest apart. */
function fitLine(
  numbers: readonly number[],
  d: readonly number[],
): Pick<FreeSize, "times" | "add" | "over"> | null {
  const [low, high] = [d.indexOf(Math.min(...d)), d.indexOf(Math.max(...d))];
  const [dx, dy] = [(d[high] ?? NaN) - (d[low] ?? NaN), (numbers[high] ?? NaN) - (numbers[low] ?? NaN)];
  if (dx === 0 || dy === 0) return null;
  if (Number.isInteger(dy / dx)) {
    const times = dy / dx;
    const add = (numbers[low] ?? NaN) - times * (d[low] ?? NaN);
    return numbers.every((n, run) => n === times * (d[run] ?? NaN) + add) ? { times, add, over: 1 } : null;
  }
  for (const over of divisors(dx / dy)) {
    const least = Math.max(...numbers.map((n, run) => n * over - (d[run] ?? NaN)));
    const most = Math.min(...numbers.map((n, run) => (n + 1) * over - 1 - (d[run] ?? NaN)));
    if (least <= most) return { times: 1, add: least <= 0 && most >= 0 ? 0 : least, over };
  }
  return null;
}

/** The integers from 2 near a ratio that rounding may have changed. */
function divisors(ratio: number): number[] {
  return [...new Set([Math.floor(ratio), Math.round(ratio), Math.ceil(ratio)])].filter((n) => n > 1);
}

function pairs<X>(items: readonly X[]): X[][] {
  return items.flatMap((a, i) => items.slice(i).map((b) => [a, b]));
}

function triples<X>(items: readonly X[]): X[][] {
  return items.flatMap((a, i) => pairs(items.slice(i)).map((others) => [a, ...others]));
}

function axisOf({ value, axis }: SizeSource): AxisOfValue {
  return { value, axis };
}
