import { checkOptions } from "../check-options.ts";
import { adamAs, type AdamOptions, type AdamSlot, scaleByAdamOptions } from "./adam.ts";
import { descentOptions } from "./descent.ts";
import type { PerParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

/** Options for {@link adamw}. */
export interface AdamWOptions extends Omit<AdamOptions, "decoupledWeightDecay"> {
  /** Decoupled weight decay: `θ ← θ − lr · weightDecay · θ`. Default: 1e-2. */
  readonly weightDecay?: number;
}

/**
 * Adam with decoupled weight decay: `θ ← θ − lr · weightDecay · θ`, which does not enter the running averages.
 *
 * Loshchilov and Hutter, 2019, algorithm 2. https://arxiv.org/abs/1711.05101
 *
 * The numbers are those of `torch.optim.AdamW`: the decay is multiplied by the learning rate, which the paper does not do.
 */
export function adamw(options: AdamWOptions = {}): Transform<PerParameter<AdamSlot>> {
  checkOptions("adamw", options, [...descentOptions, ...scaleByAdamOptions]);
  const { weightDecay = 1e-2 } = options;
  return adamAs("adamw", { ...options, weightDecay, decoupledWeightDecay: true });
}
