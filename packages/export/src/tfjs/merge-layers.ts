import { clamp, matMul, maximum, minimum, ShapeError } from "@pellucid/core-train";
import {
  add,
  concat,
  div,
  expandDims,
  mul,
  sqrt,
  square,
  sum,
  type Tensor,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { listOf } from "./json-record.ts";
import type { LayerConfig } from "./layer-config.ts";
import type { LayerSource, MadeLayer } from "./made-layer.ts";

/** Layers of several inputs. */
export const mergeLayers: Readonly<Record<string, (source: LayerSource) => MadeLayer>> = {
  Add: () => merging((xs) => xs.reduce((a, b) => add(a, b))),
  Average: () =>
    merging((xs) =>
      div(
        xs.reduce((a, b) => add(a, b)),
        xs.length,
      ),
    ),
  Concatenate({ config }) {
    const axis = config.integer("axis", -5, -1);
    return { module: null, run: (xs) => [concat([...xs], axis)] };
  },
  Dot: dot,
  Maximum: () => merging((xs) => xs.reduce((a, b) => maximum(a, b))),
  Minimum: () => merging((xs) => xs.reduce((a, b) => minimum(a, b))),
  Multiply: () => merging((xs) => xs.reduce((a, b) => mul(a, b))),
};

/** Inputs of lower rank get axes after the batch. */
function merging(merge: (xs: readonly Tensor[]) => Tensor): MadeLayer {
  const run = (xs: readonly Tensor[]) =>
    tidy(() => {
      const rank = Math.max(...xs.map((x) => x.rank));
      return merge(
        xs.map((x) => Array.from({ length: rank - x.rank }).reduce<Tensor>((y) => expandDims(y, 1), x)),
      );
    });
  return { module: null, run: (xs) => [run(xs)] };
}

function dot({ config }: LayerSource): MadeLayer {
  const given = config.fields["axes"];
  const axes = config.integers("axes", Array.isArray(given) ? listOf(given, "axes").length : 2, -3);
  const normalize = config.boolean("normalize", false);
  if (axes.length !== 2) throw config.error("axes is expected to be one number or two.");
  return { module: null, run: ([a, b]) => [product(config, axes, normalize, a as Tensor, b as Tensor)] };
}

function product(
  { name }: LayerConfig,
  axes: readonly number[],
  normalize: boolean,
  first: Tensor,
  second: Tensor,
): Tensor {
  const [i, j] = [first, second].map(({ rank }, k) => ((axes[k] ?? NaN) + rank) % rank) as [number, number];
  if (first.rank !== second.rank || first.rank < 2 || first.rank > 3 || i === 0 || j === 0)
    throw new ShapeError(
      `Dot "${name}": the inputs are [${first.shape.join(", ")}] and [${second.shape.join(", ")}], expected two of rank 2 or 3, and axes after the batch.`,
    );
  return tidy(() => {
    const [a, b] = normalize ? [unit(first, i), unit(second, j)] : [first, second];
    if (a.rank === 2) return sum(mul(a, b), 1, true); // [batch, 1]
    const rows = i === 1 ? transpose(a, [0, 2, 1]) : a; // [batch, row, inner]
    const columns = j === 2 ? transpose(b, [0, 2, 1]) : b; // [batch, inner, column]
    return matMul(rows, columns); // [batch, row, column]
  });
}

/** tfjs divides by the root of a sum that is at least its epsilon. */
function unit(x: Tensor, axis: number): Tensor {
  return div(x, sqrt(clamp(sum(square(x), axis, true), 1e-7, Infinity)));
}
