import { gradient } from "@pellucid/core-train";
import { mul, sum, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { expect } from "vitest";

/** Numbers that PyTorch computed in float64, and how far its own float32 is from them. */
export interface TorchResult {
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
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

/** What a case is called in a test's title. */
export function titleOf({ op, args, inputs }: TorchCase<object>): string {
  const shapes = inputs.map(({ shape }) => `[${shape.join(", ")}]`).join(" ");
  return `${op} ${shapes} ${JSON.stringify(args)}`;
}

/** Expects the output of `f`, and its gradient with respect to every input, to be PyTorch's. */
export function checkAgainstTorch(
  { inputs, output, gradients }: TorchCase<object>,
  f: (...inputs: Tensor[]) => Tensor,
): void {
  tidy(() => {
    const given = inputs.map(({ shape, phase, data }) =>
      data === undefined ? sines(shape, phase) : tensor(Float32Array.from(data, Number), [...shape]),
    );
    const y = f(...given);
    expect(y).toHaveShape(output.shape);
    expect(y).toBeAllclose(output.data.map(Number), { rtol: 0, atol: output.tolerance });
    const weights = sines(y.shape, 0.3);
    for (const [i, { shape, data, tolerance }] of gradients.entries()) {
      const slope = gradient((x: Tensor) => sum(mul(f(...given.with(i, x)), weights)))(given[i] as Tensor);
      expect(slope).toHaveShape(shape);
      expect(slope).toBeAllclose(data.map(Number), { rtol: 0, atol: tolerance });
    }
  });
}
