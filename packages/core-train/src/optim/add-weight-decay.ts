import { add, mul } from "@tensorflow/tfjs-core";
import { checkNotNegative } from "./check-options.ts";
import { stateless } from "./stateless.ts";
import type { Stateless, Transform } from "./transform.ts";

/** Which parameters something is for, by their path: `(path) => path.endsWith("weight")`. */
export type PathPredicate = (path: string) => boolean;

/**
 * Adds `weightDecay · parameter`. Before the scaling of a chain it is an L2 penalty, as in PyTorch's `Adam`; after it, it
 * is decoupled, as in `AdamW`: then no running average sees it.
 * Loshchilov and Hutter, 2019. https://arxiv.org/abs/1711.05101
 *
 * @param mask the parameters that decay. Default: all.
 */
export function addWeightDecay(weightDecay: number, mask: PathPredicate = () => true): Transform<Stateless> {
  checkNotNegative("addWeightDecay", { weightDecay });
  return stateless((update, parameter, path) =>
    weightDecay === 0 || !mask(path) ? update : add(update, mul(parameter, weightDecay)),
  );
}
