import { adamAs, type AdamOptions, type AdamSlot } from "./adam.ts";
import type { PerParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

export interface AdamWOptions extends Omit<AdamOptions, "decoupledWeightDecay"> {
  /** The part of a weight that goes in each step, times the learning rate. Default: 1e-2. */
  readonly weightDecay?: number;
}

/**
 * `adam` with weights that decay by themselves: `θ ← θ − lr · weightDecay · θ`, which no average sees.
 *
 * Loshchilov and Hutter, 2019, algorithm 2. https://arxiv.org/abs/1711.05101
 *
 * The numbers are those of `torch.optim.AdamW`: the decay follows the learning rate, where the paper's does not.
 */
export function adamw(options: AdamWOptions = {}): Transform<PerParameter<AdamSlot>> {
  const { weightDecay = 1e-2 } = options;
  return adamAs("adamw", { ...options, weightDecay, decoupledWeightDecay: true });
}
