import { sizeOf } from "../host-tensor.ts";
import { ShapeError } from "../shape-error.ts";
import type { Initializer } from "./initializer.ts";
import { orthonormalize } from "./orthonormalize.ts";
import { checkOptions } from "../check-options.ts";
import { checkFinite } from "../check-values.ts";

/** How long the vectors of {@link orthogonal} are. */
export interface OrthogonalOptions {
  /** Default: 1. */
  readonly gain?: number;
}

/**
 * A matrix with orthonormal rows, or columns where there are fewer of them, times the gain, as
 * `torch.nn.init.orthogonal_`. The axes after the first count as one.
 * Saxe et al., 2013. https://arxiv.org/abs/1312.6120
 *
 * @throws ShapeError for a shape of fewer than two axes
 */
export function orthogonal(options: OrthogonalOptions = {}): Initializer {
  checkOptions("orthogonal", options, ["gain"]);
  const { gain = 1 } = options;
  checkFinite("orthogonal", { gain });
  return (shape, rng) => {
    const [rows, ...rest] = shape;
    if (rows === undefined || rest.length === 0)
      throw new ShapeError(`orthogonal: the shape is [${shape.join(", ")}], expected two axes or more.`);
    const columns = sizeOf(rest);
    const drawn = rng.randn(shape);
    const wide = rows < columns;
    const [count, length] = wide ? [rows, columns] : [columns, rows];
    const at = (vector: number, i: number) => (wide ? vector * columns + i : i * columns + vector);
    const vectors = Array.from({ length: count }, (_, vector) =>
      Float64Array.from({ length }, (_, i) => drawn.data[at(vector, i)] ?? NaN),
    );
    for (const [vector, direction] of orthonormalize(vectors).entries()) {
      for (const [i, value] of direction.entries()) drawn.data[at(vector, i)] = gain * Math.fround(value);
    }
    return drawn;
  };
}
