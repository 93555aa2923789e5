import { breathe, type Module, type Parameter, type Rng } from "@pellucid/core-train";
import { clone, keep, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import type { RunOptions } from "./run-options.ts";
import { spearman } from "./spearman.ts";

/** How {@link sanityCheck} judges. */
export interface SanityCheckOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  readonly rng: Rng;
  /** A map that is still this like the first one when every weight is random did not look at the weights. Default: 0.5. */
  readonly threshold?: number;
}

/** What {@link sanityCheck} found. */
export interface SanityCheck {
  /** From the last layer to the first, each with all before it random too. */
  readonly stages: readonly { readonly path: string; readonly correlation: number }[];
  /** Whether the map changed with the weights; where it did not, do not believe it. */
  readonly passed: boolean;
}

/**
 * Does a map show what the net has learned? Layer by layer, from the last to the first, weights are drawn anew, and the map is compared with
 * the first one: by the rank correlation of absolute values, the mean over examples. A map of the picture's edges stays as it is.
 *
 * New weights are normal with the deviation of the old ones; afterwards the model has its own again, also when something throws.
 *
 * Adebayo et al., 2018, section 4 (cascading randomization). https://arxiv.org/abs/1810.03292
 */
export async function sanityCheck<X extends Tensor>(
  model: Module,
  explain: (x: X) => Tensor | Promise<Tensor>,
  x: X,
  { rng, threshold = 0.5, signal, onProgress }: SanityCheckOptions,
): Promise<SanityCheck> {
  const layers = byLayer(model).toReversed();
  const own = layers.flatMap(([, parameters]) =>
    parameters.map((parameter) => [parameter, keep(clone(parameter))] as const),
  );
  try {
    const first = await absolute(explain, x);
    const stages: { path: string; correlation: number }[] = [];
    for (const [path, parameters] of layers) {
      signal?.throwIfAborted();
      for (const parameter of parameters) await redraw(parameter, rng);
      const now = await absolute(explain, x);
      const each = now.map((map, i) => spearman(map, first[i] as Float32Array));
      stages.push({ path, correlation: each.reduce((a, b) => a + b, 0) / each.length });
      onProgress?.(stages.length, layers.length);
      await breathe();
    }
    return { stages, passed: Math.abs(stages.at(-1)?.correlation ?? 1) < threshold };
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

async function absolute<X extends Tensor>(
  explain: (x: X) => Tensor | Promise<Tensor>,
  x: X,
): Promise<Float32Array[]> {
  const map = await explain(x);
  try {
    const values = await map.data();
    const size = values.length / (map.shape[0] as number);
    return Array.from({ length: map.shape[0] as number }, (_, i) =>
      Float32Array.from(values.slice(i * size, (i + 1) * size), (v) => Math.abs(v)),
    );
  } finally {
    map.dispose();
  }
}
