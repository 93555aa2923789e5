import { checkArguments } from "@pellucid/core-train";
import { dot } from "./points.ts";

/** A function's value and derivatives. */
export interface Evaluated {
  readonly value: number;
  readonly gradient: readonly number[];
}

/** Where {@link minimize} ended. */
export interface Minimum {
  readonly x: readonly number[];
  readonly value: number;
}

/**
 * Minimizes a smooth function of few numbers between bounds, by L-BFGS on those that are not held at a bound, and a line search along the path that the bounds bend
 * (Nocedal and Wright, 2006, sections 7.2 and 16.7). A value that is not finite counts as too far.
 *
 * @param start it is moved between the bounds first
 */
export function minimize(
  evaluate: (x: readonly number[]) => Evaluated,
  start: readonly number[],
  bounds: readonly (readonly [low: number, high: number])[],
  { maxIterations = 200, tolerance = 1e-7 } = {},
): Minimum {
  checkArguments("minimize", { function: { evaluate }, numbers: { start }, array: { bounds } });
  const inside = (x: readonly number[]) =>
    x.map((value, i) => Math.min(Math.max(value, bounds[i]?.[0] ?? -Infinity), bounds[i]?.[1] ?? Infinity));
  let x = inside(start);
  let now = evaluate(x);
  let pairs: { s: number[]; y: number[] }[] = [];
  for (let round = 0; round < maxIterations; round++) {
    const here = x;
    const { gradient } = now;
    const isFree = here.map(
      (value, i) =>
        !(
          (value <= (bounds[i]?.[0] ?? -Infinity) && (gradient[i] ?? NaN) > 0) ||
          (value >= (bounds[i]?.[1] ?? Infinity) && (gradient[i] ?? NaN) < 0)
        ),
    );
    const free = gradient.map((g, i) => (isFree[i] === true ? g : 0));
    const step = inside(here.map((value, i) => value - (gradient[i] ?? NaN)));
    if (Math.max(0, ...step.map((value, i) => Math.abs(value - (here[i] ?? NaN)))) < tolerance) break;
    let direction = newton(free, pairs).map((d, i) => (isFree[i] === true ? d : 0));
    if (dot(direction, gradient) > -1e-12 * dot(free, free)) {
      direction = free.map((g) => -g);
      pairs = [];
    }
    const found = search(evaluate, here, now, direction, inside, pairs.length === 0);
    if (found === null) {
      if (pairs.length === 0) break;
      pairs = []; // once more along the gradient
      continue;
    }
    const s = found.x.map((value, i) => value - (here[i] ?? NaN));
    const y = found.at.gradient.map((g, i) => g - (gradient[i] ?? NaN));
    const change = now.value - found.at.value;
    if (dot(s, y) > 1e-12 * dot(y, y)) pairs = [...pairs, { s, y }].slice(-10);
    [x, now] = [found.x, found.at];
    if (change <= 1e-14 * Math.max(1, Math.abs(now.value)) && pairs.length > 3) break;
  }
  return { x, value: now.value };
}

/** `−H g`, with the inverse Hessian that the last pairs of changes suggest. */
function newton(gradient: readonly number[], pairs: readonly { s: number[]; y: number[] }[]): number[] {
  let q = [...gradient];
  const alphas = pairs.toReversed().map(({ s, y }) => {
    const alpha = dot(s, q) / dot(s, y);
    q = q.map((value, i) => value - alpha * (y[i] ?? NaN));
    return alpha;
  });
  const last = pairs.at(-1);
  const scale = last === undefined ? 1 : dot(last.s, last.y) / dot(last.y, last.y);
  q = q.map((value) => value * scale);
  for (const [i, { s, y }] of pairs.entries()) {
    const beta = dot(y, q) / dot(s, y);
    const alpha = alphas[pairs.length - 1 - i] ?? NaN;
    q = q.map((value, j) => value + (s[j] ?? NaN) * (alpha - beta));
  }
  return q.map((value) => -value);
}

/** A point that is low enough along a direction that the bounds bend; `null` if none is found. */
function search(
  evaluate: (x: readonly number[]) => Evaluated,
  x: readonly number[],
  now: Evaluated,
  direction: readonly number[],
  inside: (x: readonly number[]) => number[],
  isFirst: boolean,
): { x: number[]; at: Evaluated } | null {
  const longest = Math.max(...direction.map(Math.abs));
  let t = isFirst ? Math.min(1, 1 / Math.max(longest, 1e-300)) : 1;
  for (let tries = 0; tries < 40; tries++, t /= 2) {
    const moved = inside(x.map((value, i) => value + t * (direction[i] ?? NaN)));
    const expected = dot(
      now.gradient,
      moved.map((value, i) => value - (x[i] ?? NaN)),
    );
    const at = evaluate(moved);
    if (Number.isFinite(at.value) && expected < 0 && at.value <= now.value + 1e-4 * expected)
      return { x: moved, at };
  }
  return null;
}
