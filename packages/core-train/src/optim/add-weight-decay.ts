import { add, mul, type Tensor } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import { checkNotNegative } from "./check-numbers.ts";
import { stateless } from "./stateless.ts";
import type { Stateless, Transform } from "./transform.ts";

/** Selects parameters by their path: `(path) => path.endsWith("weight")`. */
export type PathPredicate = (path: string) => boolean;

/**
 * Adds `weightDecay · parameter`. Before the scaling of a chain it is an L2 penalty, as in PyTorch's `Adam`; after it, it
 * is decoupled, as in `AdamW`: then no running average sees it.
 * Loshchilov and Hutter, 2019. https://arxiv.org/abs/1711.05101
 *
 * @param mask the parameters that decay. Default: all.
 */
export function addWeightDecay(weightDecay: number, mask?: PathPredicate): Transform<Stateless> {
  return new AddWeightDecay("addWeightDecay", weightDecay, mask);
}

/** {@link addWeightDecay}, for `chain` to recognize. */
export class AddWeightDecay implements Transform<Stateless> {
  readonly #weightDecay: number;
  readonly #mask: PathPredicate;
  readonly #each: Transform<Stateless>;

  constructor(caller: string, weightDecay: number, mask: PathPredicate = () => true) {
    checkNotNegative(caller, { weightDecay });
    this.#weightDecay = weightDecay;
    this.#mask = mask;
    this.#each = stateless((update, parameter, path) => {
      const penalty = this.at(path);
      return penalty === 0 ? update : add(update, mul(parameter, penalty));
    });
  }

  /** The weight decay of a parameter. */
  at(path: string): number {
    return this.#mask(path) ? this.#weightDecay : 0;
  }

  init(): Stateless {
    return {};
  }

  update(gradients: ByPath<Tensor>, state: Stateless, parameters: ByPath<Tensor>) {
    return this.#weightDecay === 0
      ? ([gradients, state] as const)
      : this.#each.update(gradients, state, parameters);
  }
}
