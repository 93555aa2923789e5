import type { Initializer } from "./initializer.ts";

/** As `init`, with zeros in one row of a matrix: the row of padding in an embedding. */
export function withZeroRow(init: Initializer, row: number): Initializer {
  return (shape, rng) => {
    const drawn = init(shape, rng);
    const width = drawn.data.length / (shape[0] ?? 1);
    drawn.data.fill(0, row * width, (row + 1) * width);
    return drawn;
  };
}
