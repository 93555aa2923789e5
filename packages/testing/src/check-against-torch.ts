import { gradient, type HostTensor } from "@pellucid/core-train";
import { dispose, mul, sum, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { toNumbers } from "./to-numbers.ts";

/** Numbers that PyTorch computed in float64, whole or as {@link digests}, and how far its own float32 is from them. */
export interface TorchResult {
  readonly shape: readonly number[];
  readonly data?: readonly (number | string)[];
  readonly digest?: readonly number[];
  readonly tolerance: number;
}

/** One call of an op, as `fixtures/torch/op_case.py` writes it. */
export interface TorchCase<Args extends object = Readonly<Record<string, unknown>>> {
  readonly op: string;
  readonly args: Args;
  /** Given numbers, or {@link sines} of a phase. */
  readonly inputs: readonly TorchInput[];
  readonly output: TorchResult;
  /** Of `Σ output · w`, by input. */
  readonly gradients: readonly TorchResult[];
}

interface TorchInput {
  readonly shape: readonly number[];
  readonly phase?: number;
  readonly data?: readonly (number | string)[];
}

/** `sin(1.7 i + phase)`: uneven numbers that the Python side makes by the same formula. */
export function sines(shape: readonly number[], phase = 0): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + phase)),
    [...shape],
  );
}

/** What goes into the op. */
export function inputsOf({ inputs }: Pick<TorchCase<object>, "inputs">): Tensor[] {
  return inputs.map(({ shape, phase, data }) =>
    data === undefined ? sines(shape, phase) : tensor(Float32Array.from(data, Number), [...shape]),
  );
}

/** What a case is called in a test's title. */
export function titleOf({ op, args, inputs }: TorchCase<object>): string {
  const shapes = inputs.map(({ shape }) => `[${shape.join(", ")}]`).join(" ");
  return `${op} ${shapes} ${JSON.stringify(args)}`;
}

/** Expects the output of `f`, and its gradient with respect to every input, to be PyTorch's. */
export function checkAgainstTorch(c: TorchCase<object>, f: (...inputs: Tensor[]) => Tensor): void {
  tidy(() => {
    for (const [i, found] of results(c, f).entries()) expectTorch(found, ...wanted(c, i));
  });
}

/** {@link checkAgainstTorch} on a backend that cannot be waited for: WebGPU. */
export async function checkAgainstTorchLater(
  c: TorchCase<object>,
  f: (...inputs: Tensor[]) => Tensor,
): Promise<void> {
  const found = tidy(() => results(c, f));
  try {
    for (const [i, tensor] of found.entries()) {
      const data = Float32Array.from(await tensor.data());
      expectTorch({ data, shape: tensor.shape }, ...wanted(c, i));
    }
  } finally {
    dispose(found);
  }
}

/** The output, and the gradient of `Σ output · w` at each input. */
function results(c: TorchCase<object>, f: (...inputs: Tensor[]) => Tensor): Tensor[] {
  const given = inputsOf(c);
  const y = f(...given);
  const weights = sines(y.shape, 0.3);
  const gradients = c.gradients.map((_, i) => {
    const weighted = (x: Tensor) => sum(mul(f(...given.with(i, x)), weights));
    return gradient(weighted)(given[i] as Tensor);
  });
  return [y, ...gradients];
}

function wanted({ output, gradients }: TorchCase<object>, i: number): [TorchResult, string] {
  return i === 0 ? [output, "output"] : [gradients[i - 1] as TorchResult, `gradient at input ${i - 1}`];
}

/** Expects numbers to be PyTorch's, within the tolerance that comes with them. */
export function expectTorch(
  found: Tensor | HostTensor,
  { shape, data, digest, tolerance }: TorchResult,
  what = "result",
): void {
  expect(found.shape, what).toEqual(shape);
  const numbers = toNumbers(found);
  const [actual, expected] = digest === undefined ? [numbers, data ?? []] : [digests(numbers), digest];
  expect(actual, what).toBeAllclose(expected.map(Number), { rtol: 0, atol: tolerance });
}

/** Three weighted sums, which differ where two lists do. */
function digests(numbers: readonly number[]): number[] {
  const weights = [
    (i: number) => Math.sin(1.7 * i + 0.3),
    (i: number) => Math.sin(2.3 * i + 1.1),
    (i: number) => Math.cos(0.9 * i),
  ];
  return weights.map((weight) => numbers.reduce((total, n, i) => total + n * weight(i), 0));
}
