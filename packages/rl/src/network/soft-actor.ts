import {
  type Buffer,
  checkArguments,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  Linear,
  Module,
  relu,
  type Rng,
  tanh,
} from "@pellucid/core-train";
import { add, mul, type Rank, type Tensor2D } from "@tensorflow/tfjs-core";
import { TanhGaussian } from "../distribution/tanh-gaussian.ts";
import type { Box } from "../environments/box.ts";
import { boundedActions } from "./bounded-actions.ts";

const [least, largest] = [-5, 2];

/** Options for {@link SoftActor}, {@link DeterministicActor} and {@link ActionCritic}. */
export interface ActorOptions {
  readonly rng: Rng;
  /** Features of both hidden layers. Default: 256. */
  readonly hidden?: number;
}

/** The policy of soft actor-critic: CleanRL's `fc1`, `fc2`, `fc_mean`, `fc_logstd`, with a log deviation from −5 to 2. Haarnoja et al., 2018. https://arxiv.org/abs/1812.05905 */
export class SoftActor extends Module {
  readonly fc1: Linear;
  readonly fc2: Linear;
  readonly fcMean: Linear;
  readonly fcLogstd: Linear;
  readonly actionScale: Buffer<Rank.R1>;
  readonly actionBias: Buffer<Rank.R1>;
  readonly #space: Box;
  readonly #observationSize: number;

  constructor(observationSize: number, actionSpace: Box, options: ActorOptions) {
    super();
    checkArguments("SoftActor", { "{ shape, low, high }": { actionSpace } });
    const { rng, hidden } = checkActor("SoftActor", observationSize, options);
    this.#space = actionSpace;
    this.#observationSize = observationSize;
    const [actions] = actionSpace.shape;
    this.fc1 = new Linear(observationSize, hidden, { rng });
    this.fc2 = new Linear(hidden, hidden, { rng });
    this.fcMean = new Linear(hidden, actions, { rng });
    this.fcLogstd = new Linear(hidden, actions, { rng });
    ({ actionScale: this.actionScale, actionBias: this.actionBias } = boundedActions(actionSpace));
  }

  /** The actions for observations, `[batch, observation]`. */
  policy(observations: Tensor2D): TanhGaussian {
    checkShape("SoftActor", "observations", observations, ["batch", this.#observationSize]);
    const features = relu(this.fc2.forward(relu(this.fc1.forward(observations)))); //     [batch, hidden]
    const raw = tanh(this.fcLogstd.forward(features)); //                                  [batch, action]
    const logStd = add(least, mul((largest - least) / 2, add(raw, 1))) as Tensor2D;
    return new TanhGaussian(this.fcMean.forward(features), logStd, this.#space);
  }
}

export function checkActor(caller: string, observationSize: number, options: ActorOptions) {
  checkRng(caller, options);
  checkOptions(caller, options, ["rng", "hidden"]);
  const { rng, hidden = 256 } = options;
  checkSizes(caller, { observationSize, hidden });
  return { rng, hidden };
}
