import {
  checkArguments,
  checkOptions,
  checkRng,
  type Module,
  type Parameter,
  type Rng,
  sizeAlong,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { clone, keep, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { checkFinite, modelAdvice } from "../run/check-finite.ts";
import type { RunOptions } from "../run/run-options.ts";
import { spearman } from "./spearman.ts";

/** Options for {@link sanityCheck}. */
export interface SanityCheckOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  readonly rng: Rng;
  /** A map whose mean correlation with the first one reaches this does not depend on the weights. Default: 0.5. */
  readonly threshold?: number;
}

/** The result of {@link sanityCheck}. */
export interface SanityCheck {
  /** From the last layer to the first; layers stay random once randomized. */
  readonly stages: readonly { readonly path: string; readonly correlation: number }[];
  /** The mean of the stages' correlations. */
  readonly likeness: number;
  /** Whether the map changed with the weights; do not trust one that did not. */
  readonly passed: boolean;
}

/**
 * Whether a map depends on what the net has learned: layer by layer, from the last to the first, weights are replaced by random ones, and the map is
 * compared with the first one by the rank correlation, the mean over examples. A map of the image's edges does not change.
 *
 * Signs count: random weights give evidence for and against at random, so that of a map which looks at them no sign is left. Positions where both maps are
 * 0 do not count: there a map that is multiplied by the picture must be 0, whatever the weights.
 *
 * New weights are normal with the deviation of the old ones; afterwards the model has its own again, also when something throws.
 *
 * Adebayo et al., 2018, section 4 (cascading randomization). https://arxiv.org/abs/1810.03292
 */
export async function sanityCheck<X extends Tensor>(
  model: Module,
  explain: (x: X) => Tensor | Promise<Tensor>,
  x: X,
  options: SanityCheckOptions,
): Promise<SanityCheck> {
  checkArguments("sanityCheck", { module: { model }, function: { explain }, tensor: { x } });
  checkRng("sanityCheck", options);
  checkOptions("sanityCheck", options, ["rng", "threshold", "signal", "onProgress"]);
  const { rng, threshold = 0.5, signal, onProgress } = options;
  const layers = byLayer(model).toReversed();
  const own = layers.flatMap(([, parameters]) =>
    parameters.map((parameter) => [parameter, keep(clone(parameter))] as const),
  );
  try {
    const first = await mapsOf(explain, x);
    const stages: { path: string; correlation: number }[] = [];
    for (const [path, parameters] of layers) {
      signal?.throwIfAborted();
      for (const parameter of parameters) await redraw(parameter, rng);
      const now = await mapsOf(explain, x);
      const each = now.map((map, i) => likeness(map, first[i] as Float32Array));
      stages.push({ path, correlation: each.reduce((a, b) => a + b, 0) / each.length });
      onProgress?.(stages.length, layers.length);
      await yieldToEventLoop();
    }
    const mean = stages.reduce((sum, { correlation }) => sum + correlation, 0) / stages.length;
    return { stages, likeness: mean, passed: Math.abs(mean) < threshold };
  } finally {
    for (const [parameter, value] of own) {
      parameter.assign(value);
      value.dispose();
    }
  }
}

function byLayer(model: Module): [path: string, Parameter[]][] {
  const layers = new Map<string, Parameter[]>();
  for (const [path, parameter] of model.namedParameters()) {
    const layer = path.slice(0, Math.max(0, path.lastIndexOf(".")));
    layers.set(layer, [...(layers.get(layer) ?? []), parameter]);
  }
  return [...layers];
}

/** Normal numbers with the spread that the old ones have around 0. */
async function redraw(parameter: Parameter, rng: Rng): Promise<void> {
  const values = (await parameter.data()) as Float32Array;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
  tidy(() => {
    parameter.assign(tensor(rng.normal(parameter.shape, 0, deviation).data, parameter.shape) as never);
  });
}

/** The maps of each example. */
async function mapsOf<X extends Tensor>(
  explain: (x: X) => Tensor | Promise<Tensor>,
  x: X,
): Promise<Float32Array[]> {
  const map = await explain(x);
  const values = (await map.data()) as Float32Array;
  checkFinite("sanityCheck", "the map", values, map.shape, modelAdvice);
  const size = map.size / sizeAlong(map, 0);
  map.dispose();
  return Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size));
}

/** Two maps of zeros are the same. */
function likeness(a: Float32Array, b: Float32Array): number {
  const counted = Array.from(a.keys()).filter((i) => a[i] !== 0 || b[i] !== 0);
  if (counted.length === 0) return 1;
  const of = (map: Float32Array) => Float32Array.from(counted, (i) => map[i] ?? NaN);
  return spearman(of(a), of(b));
}
