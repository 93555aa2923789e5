import { checkOptions, checkRng, checkSizes, type Module, type Rng } from "@pellucid/core-train";
import type { Bijection } from "./bijection.ts";
import { Flow } from "./flow.ts";
import { InverseOf } from "./inverse-of.ts";
import { MaskedAutoregressive } from "./masked-autoregressive.ts";
import { ReverseFeatures } from "./reverse-features.ts";

/** Options for {@link maf} and {@link iaf}. */
export interface AutoregressiveFlowOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How many autoregressive layers, with the features reversed between them. Default: 5. */
  readonly layers?: number;
  /** Units of the hidden layers of each network. Default: [64, 64]. */
  readonly hiddenSizes?: readonly number[];
}

/**
 * A masked autoregressive flow: fast to train by the density of data, slow to sample, by one pass per feature. Papamakarios, Pavlakou and
 * Murray, 2017. https://arxiv.org/abs/1705.07057. See {@link MaskedAutoregressive}.
 */
export function maf(features: number, options: AutoregressiveFlowOptions): Flow {
  return stack("maf", features, options, (layer) => layer);
}

/**
 * An inverse autoregressive flow: samples in one pass, and knows the density of its own samples; that of given data takes one pass per feature.
 * Kingma et al., 2016. https://arxiv.org/abs/1606.04934. See {@link InverseOf}.
 */
export function iaf(features: number, options: AutoregressiveFlowOptions): Flow {
  return stack("iaf", features, options, (layer) => new InverseOf(layer));
}

function stack(
  caller: string,
  features: number,
  options: AutoregressiveFlowOptions,
  turn: (layer: MaskedAutoregressive) => Module & Bijection,
): Flow {
  checkRng(caller, options);
  checkOptions(caller, options, ["rng", "layers", "hiddenSizes"]);
  const { rng, layers = 5, hiddenSizes = [64, 64] } = options;
  checkSizes(caller, { features, layers });
  for (const [i, size] of hiddenSizes.entries()) checkSizes(caller, { [`hiddenSizes[${i}]`]: size });
  const made = Array.from({ length: layers }, (_, i): (Module & Bijection)[] => {
    const layer = turn(new MaskedAutoregressive(features, { rng, hiddenSizes }));
    return i === 0 ? [layer] : [new ReverseFeatures(), layer];
  });
  return new Flow(made.flat());
}
