import {
  checkArguments,
  checkOptions,
  checkRng,
  checkShape,
  type Module,
  OptionError,
  type Rng,
  withWeights,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { add, div, maximum, mul, sum, sqrt, square, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import type { RunOptions } from "../run/run-options.ts";

/** Options for {@link lossSurface}. */
export interface LossSurfaceOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  /** Draws the two directions. */
  readonly rng: Rng;
  /** How far it goes both ways: at 1 each filter has moved by its own length. Default: 1. */
  readonly reach?: number;
  /** Along each direction, an odd number, so that the weights themselves are in the middle. Default: 21. */
  readonly points?: number;
}

/** The result of {@link lossSurface}. */
export interface LossSurface {
  /** `[points, points]`, the first direction downwards, the second to the right. */
  readonly losses: { readonly data: Float32Array; readonly shape: readonly [number, number] };
  /** Where the points are along both directions. */
  readonly at: Float32Array;
}

/**
 * The loss around a model's weights, along two random directions: whether it lies in a wide valley or in a narrow one.
 *
 * `loss(w + a d₁ + b d₂)`, each filter of a direction as long as the model's: `d ← d / ‖d‖ ‖w‖`, filter by filter, so that nets of other scales can be
 * compared. Biases and what norms learn stay. Weights are as before afterwards, also when the loss throws.
 *
 * Li, Xu, Taylor, Studer and Goldstein, 2018, section 4. https://arxiv.org/abs/1712.09913
 *
 * @param loss of the model on the same examples each time: one number
 */
export async function lossSurface(
  model: Module,
  loss: () => Tensor,
  options: LossSurfaceOptions,
): Promise<LossSurface> {
  checkArguments("lossSurface", { module: { model }, function: { loss } });
  checkRng("lossSurface", options);
  checkOptions("lossSurface", options, ["rng", "reach", "points", "signal", "onProgress"]);
  const { rng, reach = 1, points = 21, signal, onProgress } = options;
  if (!(Number.isInteger(points) && points >= 3 && points % 2 === 1))
    throw new OptionError("lossSurface", "points", points, "an odd number, 3 or more");
  if (!(reach > 0 && Number.isFinite(reach)))
    throw new OptionError("lossSurface", "reach", reach, "above 0 and finite");
  const own = [...model.namedParameters()].filter(([, { rank }]) => rank > 1);
  const [down, right] = [directionOf(own, rng), directionOf(own, rng)];
  const middle = (points - 1) / 2;
  const at = Float32Array.from({ length: points }, (_, i) => ((i - middle) / middle) * reach);
  const data = new Float32Array(points * points);
  try {
    for (let i = 0; i < data.length; i++) {
      signal?.throwIfAborted();
      const [a, b] = [at[Math.floor(i / points)] ?? NaN, at[i % points] ?? NaN];
      const value = tidy(() => {
        const moved = own.map(([path, weight], k) => {
          const along = add(mul(down[k] as Tensor, a), mul(right[k] as Tensor, b));
          return [path, add(weight, along)] as const;
        });
        const found = withWeights(model, Object.fromEntries(moved), loss);
        checkShape("lossSurface", "the loss", found, []);
        return found;
      });
      data[i] = (await value.data())[0] ?? NaN;
      value.dispose();
      onProgress?.(i + 1, data.length);
      await yieldToEventLoop();
    }
  } finally {
    for (const tensor of [...down, ...right]) tensor.dispose();
  }
  return { losses: { data, shape: [points, points] }, at };
}

/** A random direction whose filters are as long as the weights': the last axis counts filters. */
function directionOf(weights: readonly (readonly [path: string, weight: Tensor])[], rng: Rng): Tensor[] {
  return weights.map(([, weight]) =>
    tidy(() => {
      const drawn = tensor(rng.randn(weight.shape).data, weight.shape);
      const axes = weight.shape.slice(0, -1).map((_, axis) => axis);
      const length = (x: Tensor) => sqrt(sum(square(x), axes, true));
      return mul(drawn, div(length(weight), maximum(length(drawn), 1e-10)));
    }),
  );
}
