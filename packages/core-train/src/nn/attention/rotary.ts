import {
  add,
  concat,
  mul,
  neg,
  reshape,
  slice,
  stack,
  type Tensor,
  tensor2d,
  type Tensor2D,
  tidy,
  unstack,
} from "@tensorflow/tfjs-core";
import { OptionError } from "../../option-error.ts";
import { checkShape } from "../../shape-error.ts";

/** How features are turned. */
export interface RotaryOptions {
  /** How many moments came before. Default: 0. */
  readonly past?: number;
  /** The slowest pair turns once in about `2π · base` moments. Default: 10000. */
  readonly base?: number;
  /**
   * Which two features turn together: `"half"`, those half a head apart, as in Hugging Face's Llama and GPT-NeoX; or
   * `"interleaved"`, neighbors, as in the paper, GPT-J and Llama's own code. Default: `"half"`.
   */
  readonly pairs?: "half" | "interleaved";
  /** How many features turn, the first; the others stay. Default: all. */
  readonly features?: number;
}

/**
 * Turns pairs of features of queries or keys by angles that grow with the place, so that the product of a query and a key depends
 * on how far they are apart:
 *
 *     (a, b) → (a cos tθ − b sin tθ, b cos tθ + a sin tθ),   θ = base^(−2i / d)
 *
 * Su et al., 2021. RoFormer. https://arxiv.org/abs/2104.09864
 *
 * @param x `[..., time, feature]`
 * @returns the shape of `x`
 */
export function rotary<X extends Tensor>(x: X, options: RotaryOptions = {}): X {
  checkShape("rotary", "x", x, ["...", "time", "feature"]);
  const [time, width] = x.shape.slice(-2) as [number, number];
  const { past = 0, base = 10_000, pairs = "half", features = width } = options;
  if (features % 2 !== 0 || features > width)
    throw new OptionError("rotary", "features", features, `an even number, ${width} at most`);
  return tidy(() => {
    const start = x.shape.map(() => 0);
    const head = [...x.shape.slice(0, -1), features];
    const turning = features === width ? x : slice(x, start, head);
    const rates = Float64Array.from({ length: features / 2 }, (_, i) => base ** ((-2 * i) / features));
    const column = (i: number) => (pairs === "half" ? i % (features / 2) : i >> 1);
    const table = (wave: (angle: number) => number): Tensor2D =>
      tensor2d(
        Float32Array.from({ length: time * features }, (_, i) =>
          wave((past + Math.floor(i / features)) * (rates[column(i % features)] as number)),
        ),
        [time, features],
      );
    const across = pairs === "half" ? acrossHalves(turning) : acrossNeighbors(turning);
    const turned = add(mul(turning, table(Math.cos)), mul(across, table(Math.sin)));
    if (features === width) return turned;
    return concat([turned, slice(x, start.with(-1, features), head.with(-1, width - features))], x.rank - 1);
  }) as X;
}

/** `(a, b)` -> `(−b, a)`, `a` and `b` the halves of the last axis */
function acrossHalves(x: Tensor): Tensor {
  const half = (x.shape.at(-1) as number) / 2;
  const size = x.shape.with(-1, half);
  const start = x.shape.map(() => 0);
  return concat([neg(slice(x, start.with(-1, half), size)), slice(x, start, size)], x.rank - 1);
}

/** `(a, b)` -> `(−b, a)`, `a` and `b` neighbors in the last axis */
function acrossNeighbors(x: Tensor): Tensor {
  const [a, b] = unstack(reshape(x, [-1, 2]), 1) as [Tensor, Tensor];
  return reshape(stack([neg(b), a], 1), x.shape);
}
