import { gradient } from "@pellucid/core-train";
import { add, mul, square, sum, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { drawing, type MatrixCase, type Operand } from "./case.ts";
import type { Nd } from "./nd.ts";

/** What a case has a column for. */
export type Order = "forward" | "gradient" | "second";

/** How far a case is from the truth, in parts of what is tolerated: up to 1 is right. `null`: was not asked. */
export type Errors = Readonly<Record<Order, number | null>>;

/** Parts of the largest number of the result that 32 bits may be off. */
const tolerance = { forward: 1e-5, gradient: 3e-5, second: 3e-4 } as const;

/** The step of finite differences of second order: 64 bits leave room for less than a thousandth, which bends too much where a projection divides. */
const NEAR = 3e-4;

/** Runs a case on the active backend with the numbers of one seed. */
async function errorsOf(matrixCase: MatrixCase, seed: number): Promise<Errors> {
  const draw = drawing(seed);
  const operands = matrixCase.operands(draw);
  const y = matrixCase.define(...operands);
  const weights = draw.uniform(y.shape, 0.5, 1.5);
  const turns = operands.map((x) => draw.uniform(x.shape));
  const smooth = operands.flatMap(({ whole }, i) => (whole ? [] : [i]));

  const loss = (inputs: readonly Nd[]): number => total(matrixCase.define(...inputs), weights, (n) => n);
  const bent = (inputs: readonly Nd[]): number => total(matrixCase.define(...inputs), weights, (n) => n * n);

  const slack = matrixCase.rough ? 100 : 1;
  const expect = async (order: Order, found: Tensor[], wanted: Nd[]) => {
    const errors: number[] = [];
    for (const [i, own] of found.entries())
      errors.push(distance(await own.data(), own.shape, wanted[i] as Nd));
    return Math.max(0, ...errors) / tolerance[order] / slack;
  };

  const inputs = operands.map(toTensor);
  const kept = { weights: toTensor(weights), turns: turns.map(toTensor) };
  const at = (order: Order): Tensor[] => {
    const { run } = matrixCase;
    const value = (own: Tensor[]) => sum(mul(run(...own), kept.weights));
    const squared = (own: Tensor[]) => sum(mul(square(run(...own)), kept.weights));
    const gradientAt = (f: (own: Tensor[]) => Tensor, i: number) => (own: Tensor[]) =>
      gradient((x: Tensor) => f(own.with(i, x)))(own[i] as Tensor);
    const turned = (own: Tensor[]) =>
      smooth
        .map((i) => sum(mul(gradientAt(squared, i)(own), kept.turns[i] as Tensor)) as Tensor)
        .reduce((a, b) => add(a, b));
    const tensors = tidy(() => {
      if (order === "forward") return [run(...inputs)];
      return smooth.map((i) => gradientAt(order === "gradient" ? value : turned, i)(inputs));
    });
    return tensors;
  };
  const measured = async (order: Order, wanted: Nd[]): Promise<number> => {
    const found = at(order);
    try {
      return await expect(order, found, wanted);
    } finally {
      for (const own of found) own.dispose();
    }
  };

  try {
    return {
      forward: await measured("forward", [y]),
      gradient: await measured(
        "gradient",
        smooth.map((i) => differences(loss, operands, i, 1e-4)),
      ),
      second: matrixCase.second
        ? await measured(
            "second",
            smooth.map((i) => differences((own) => along(bent, own, turns, smooth), operands, i, NEAR)),
          )
        : null,
    };
  } finally {
    for (const own of [...inputs, kept.weights, ...kept.turns]) own.dispose();
  }
}

/** `Σ w f(y)` */
function total(y: Nd, weights: Nd, f: (n: number) => number): number {
  return y.data.reduce((sum, n, i) => sum + f(n) * (weights.data[i] as number), 0);
}

/** The gradient at each element of the `i`-th operand: by central differences, in 64 bits. */
function differences(
  f: (operands: readonly Nd[]) => number,
  operands: readonly Nd[],
  i: number,
  step: number,
): Nd {
  const x = operands[i] as Nd;
  const moved = (k: number, by: number) =>
    f(operands.with(i, { ...x, data: x.data.with(k, (x.data[k] as number) + by) }));
  return { ...x, data: x.data.map((_, k) => (moved(k, step) - moved(k, -step)) / (2 * step)) };
}

/** The derivative along `turns`, all of which are taken at once. */
function along(
  f: (operands: readonly Nd[]) => number,
  operands: readonly Nd[],
  turns: readonly Nd[],
  smooth: number[],
): number {
  const moved = (by: number) =>
    f(
      operands.map((x, i) =>
        smooth.includes(i) ? { ...x, data: x.data.map((n, k) => n + by * (turns[i]?.data[k] as number)) } : x,
      ),
    );
  return (moved(NEAR) - moved(-NEAR)) / (2 * NEAR);
}

function distance(found: ArrayLike<number>, shape: readonly number[], wanted: Nd): number {
  if (shape.join() !== wanted.shape.join()) return Infinity;
  const scale = Math.max(1, ...wanted.data.map(Math.abs));
  const errors = Array.from(wanted.data, (n, i) => Math.abs(n - (found[i] as number)) / scale);
  return errors.some(Number.isNaN) ? Infinity : Math.max(0, ...errors);
}

const toTensor = ({ shape, data, whole }: Operand): Tensor =>
  whole ? tensor(Int32Array.from(data), [...shape], "int32") : tensor(Float32Array.from(data), [...shape]);

/** The largest errors of a case over random shapes and numbers. */
export async function errorsOver(matrixCase: MatrixCase, seeds: number): Promise<Errors> {
  const all: Errors[] = [];
  for (let seed = 1; seed <= seeds; seed++) all.push(await errorsOf(matrixCase, seed));
  const largest = (order: Order) => {
    const found = all.flatMap((errors) => errors[order] ?? []);
    return found.length === 0 ? null : Math.max(...found);
  };
  return { forward: largest("forward"), gradient: largest("gradient"), second: largest("second") };
}

/** What is further from the truth than is tolerated. */
export const failures = (errors: Errors): [string, number][] =>
  Object.entries(errors).flatMap(([order, error]) =>
    error === null || error <= 1 ? [] : [[order, error] as [string, number]],
  );
