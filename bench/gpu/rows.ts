import { add, matMul, slice, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { errorsOver, failures } from "../../packages/core-train/test/matrix/check.ts";
import { cases } from "../../packages/core-train/test/matrix/cases.ts";
import { works } from "../compiled/work.ts";
import { median } from "../median.ts";
import { numbers } from "../numbers.ts";

/** What was measured, by name. */
export type Row = Readonly<Record<string, unknown>>;

/** Whether a row may begin something more. */
export type HasTime = () => boolean;

/** Training steps of a work, the loss read after each: milliseconds of a step, and the first losses. */
export async function steps(name: string, hasTime: HasTime, most = 50): Promise<Row> {
  const work = works[name]?.();
  if (work === undefined)
    throw new RangeError(`there is no work ${name}, only ${Object.keys(works).join(", ")}`);
  return timed(() => work.step(...work.inputs), hasTime, most);
}

/** Calls `step` until there is no time left, the first two of which do not count, for they compile. */
export async function timed(step: () => Promise<number>, hasTime: HasTime, most: number): Promise<Row> {
  const losses = [await step(), await step()];
  const times: number[] = [];
  do {
    const start = performance.now();
    losses.push(await step());
    times.push(performance.now() - start);
  } while (times.length < most && hasTime());
  return { milliseconds: median(times), steps: times.length, losses: losses.slice(0, 5) };
}

/** A product of two square matrices: milliseconds, and billions of products and sums in a second. */
export async function product(size: number, hasTime: HasTime): Promise<Row> {
  const [a, b] = [1, 2].map((seed) => tensor(numbers(seed, size * size), [size, size])) as [Tensor, Tensor];
  const step = async () => {
    const corner = tidy(() => slice(matMul(matMul(matMul(matMul(a, b), b), b), b), [0, 0], [1, 1])); // one read for four products
    const [first = NaN] = await corner.data();
    corner.dispose();
    return first;
  };
  const { milliseconds } = await timed(step, hasTime, 20);
  a.dispose();
  b.dispose();
  const each = (milliseconds as number) / 4;
  return { milliseconds: each, gflops: (2 * size ** 3) / each / 1e6 };
}

/** Microseconds of the host for an op: of a chain of additions of 16 numbers, until all are handed over. */
export async function dispatches(hasTime: HasTime): Promise<Row> {
  const x = tensor(numbers(1, 16));
  const step = async () => {
    const start = performance.now();
    const y = tidy(() => {
      let sum: Tensor = x;
      for (let i = 0; i < 1000; i++) sum = add(sum, x);
      return sum;
    });
    const host = performance.now() - start;
    await y.data();
    y.dispose();
    return host;
  };
  const found: number[] = [await step(), await step()];
  do found.push(await step());
  while (found.length < 20 && hasTime());
  x.dispose();
  return { microseconds: median(found.slice(2)) };
}

/** Ops and their gradients against their definitions: every `stride`-th case. */
export async function matrix(stride: number, hasTime: HasTime): Promise<Row> {
  const wrong: string[] = [];
  let asked = 0;
  for (const each of cases.filter((_, i) => i % stride === 0)) {
    if (!hasTime()) break;
    asked++;
    try {
      for (const [order, error] of failures(await errorsOver(each, 1)))
        wrong.push(`${each.name}, ${order}: ${error.toPrecision(2)} times what is tolerated`);
    } catch (error) {
      wrong.push(`${each.name}: ${String(error).slice(0, 200)}`);
    }
  }
  return { asked, of: cases.length, wrong };
}
