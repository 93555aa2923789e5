import {
  checkArguments,
  checkOptions,
  checkProbabilities,
  checkShape,
  max,
  takeAlongAxis,
} from "@pellucid/core-train";
import { argMax, cast, expandDims, squeeze, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { checkActions } from "../distribution/check-actions.ts";
import { bootstrapped } from "./bootstrapped.ts";

/** What {@link tdTargets} needs of a batch. */
export interface TdTargetsInput {
  /** `[batch]` */
  readonly rewards: Tensor1D;
  /** 1 where the episode ended there, `[batch]`. A truncation is not an end. */
  readonly terminated: Tensor1D;
  /** The target network's values of the next observation, `[batch, action]` */
  readonly nextQ: Tensor2D;
  /** The online network's values of the next observation, for double Q-learning, `[batch, action]` */
  readonly nextOnlineQ?: Tensor2D;
}

/** Options for {@link tdTargets}. */
export interface TdTargetsOptions {
  /** The discount. Default: 0.99. */
  readonly gamma?: number;
}

/**
 * What the value of a chosen action should be: `r + γ max Q′(s′, ·)`, and `r` alone where the episode terminated. With `nextOnlineQ` the online network chooses the action that
 * the target network values (double Q-learning).
 *
 * Mnih et al., 2015. https://doi.org/10.1038/nature14236 Van Hasselt et al., 2015. https://arxiv.org/abs/1509.06461
 *
 * @returns `[batch]`
 */
export function tdTargets(input: TdTargetsInput, options: TdTargetsOptions = {}): Tensor1D {
  checkArguments("tdTargets", { "{ rewards, terminated, nextQ }": { input } });
  const { rewards, terminated, nextQ, nextOnlineQ } = input;
  checkOptions("tdTargets", options, ["gamma"]);
  const { gamma = 0.99 } = options;
  checkProbabilities("tdTargets", { gamma });
  checkShape("tdTargets", "rewards", rewards, ["batch"]);
  checkShape("tdTargets", "terminated", terminated, rewards.shape);
  checkShape("tdTargets", "nextQ", nextQ, [rewards.shape[0], "action"]);
  if (nextOnlineQ !== undefined) checkShape("tdTargets", "nextOnlineQ", nextOnlineQ, nextQ.shape);
  return tidy(() => {
    const best =
      nextOnlineQ === undefined ? (max(nextQ, 1).values as Tensor1D) : qOf(nextQ, argMax(nextOnlineQ, -1));
    return bootstrapped({ rewards, terminated }, best, gamma);
  });
}

/**
 * The values of the chosen actions: `q[i, actions[i]]`.
 *
 * @param q `[batch, action]`
 * @param actions `[batch]`
 * @returns `[batch]`
 * @throws IndexError for an action that does not exist; not checked where reading it would wait for a GPU
 */
export function qOf(q: Tensor2D, actions: Tensor1D): Tensor1D {
  checkShape("qOf", "q", q, ["batch", "action"]);
  checkShape("qOf", "actions", actions, [q.shape[0]]);
  checkActions("qOf", actions, q.shape[1]);
  return tidy(() => squeeze<Tensor1D>(takeAlongAxis(q, expandDims(cast(actions, "int32"), -1), 1), [1]));
}
