import { type Tensor, sum, tidy, mul } from "@tensorflow/tfjs-core";

/** A number that is NaN or infinite where data must be finite. */
export class NonFiniteError extends RangeError {
  override readonly name = "NonFiniteError";
  /** Index of the first such number: row and column of data `[example, feature]`. */
  readonly position: readonly number[];

  constructor(message: string, position: readonly number[]) {
    super(message);
    this.position = position;
  }
}

/**
 * Refuses numbers that are NaN or infinite.
 *
 * @throws NonFiniteError that names the row and the column of the first
 */
export function checkFinite(
  caller: string,
  name: string,
  data: ArrayLike<number>,
  shape: readonly number[],
  advice = "Remove such rows or fill in their missing values.",
): void {
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? NaN;
    if (Number.isFinite(value)) continue;
    const position = positionOf(i, shape);
    throw new NonFiniteError(
      `${caller}: ${name} is ${value} at ${described(position)}, expected finite numbers. ${advice}`,
      position,
    );
  }
}

/** Advice where a model's own output is not finite. */
export const modelAdvice = "Look for NaN in the inputs and the weights of the model.";

/** {@link checkFinite} of a tensor. One number is read; all of them only where one is not finite. */
export async function checkFiniteTensor(
  caller: string,
  name: string,
  x: Tensor,
  advice?: string,
): Promise<void> {
  const probe = tidy(() => sum(mul(x, 0))); // 0 · NaN and 0 · ∞ are NaN
  const [zero = NaN] = await probe.data().finally(() => probe.dispose());
  if (zero !== 0) checkFinite(caller, name, await x.data(), x.shape, advice);
}

function positionOf(index: number, shape: readonly number[]): number[] {
  const position: number[] = [];
  let rest = index;
  for (const size of shape.toReversed()) {
    position.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return position;
}

function described(position: readonly number[]): string {
  const [row = 0, column = 0] = position;
  if (position.length === 1) return `index ${row}`;
  return position.length === 2 ? `row ${row}, column ${column}` : `[${position.join(", ")}]`;
}
