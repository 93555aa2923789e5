import { type Schedule, type Scheduled, valueAt } from "../schedule/schedule.ts";
import { checkOption } from "../check-option.ts";
import { type ParameterGroup, partition } from "../optim/partition.ts";
import type { Transform } from "../optim/transform.ts";
import { checkOptions } from "../check-options.ts";
import { checkArguments } from "../check-arguments.ts";

export interface LayerwiseOptions {
  /** The learning rate of the last stage. */
  readonly learningRate: Scheduled;
  /** The ratio of the learning rate of a stage to that of the stage before it. Default: 2.6, as in the paper. */
  readonly decay?: number;
}

/**
 * Discriminative fine-tuning: trains the early stages of a net slower than the late ones, as their features are more general.
 *
 * ```ts
 * layerwise(["conv1", "layer1", "layer2", "fc"], (learningRate) => adamw({ learningRate }), { learningRate: 1e-3 });
 * ```
 *
 * Howard and Ruder, 2018, section 3.2. https://arxiv.org/abs/1801.06146
 *
 * @param stages where the parameters of each stage lie, from input to output; all parameters have to lie in one
 * @param make the optimizer of a stage
 */
export function layerwise<State>(
  stages: readonly string[],
  make: (learningRate: Schedule) => Transform<State>,
  options: LayerwiseOptions,
): Transform<readonly State[]> {
  checkOptions("layerwise", options, ["learningRate", "decay"]);
  checkArguments("layerwise", { "text[]": { stages }, function: { make } });
  const { learningRate, decay = 2.6 } = options;
  checkOption("layerwise", "decay", decay, decay > 0, "a number > 0");
  const groups = stages.map((stage, i): ParameterGroup<State> => {
    const slower = decay ** (stages.length - 1 - i);
    return {
      match: (path) => path === stage || path.startsWith(`${stage}.`),
      transform: make((step) => valueAt(learningRate, step) / slower),
    };
  });
  return partition(groups);
}
