import { checkChoice, checkRng } from "../../check-values.ts";
import { add, type Tensor3D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../../check-options.ts";
import type { Recurrence } from "./recurrence.ts";
import { type DirectionState, project, Recurrent, type RecurrentOptions } from "./recurrent.ts";
import type { RecurrentWeights } from "./recurrent-weights.ts";
import { type Nonlinearity, rnnScan } from "./rnn-scan.ts";

/** Options for {@link RNN}. */
export interface RNNOptions extends RecurrentOptions {
  /** Default: tanh. */
  readonly nonlinearity?: Nonlinearity;
}

/**
 * An Elman recurrent network: `h ← tanh(x W + b + h U + b′)`, with the same weights at every time step.
 *
 * Names, layouts, initial weights and numbers are those of `torch.nn.RNN`. Sequences are `[batch, time, feature]`. A batch with
 * `lengths` corresponds to a packed sequence.
 *
 * Elman, 1990. https://doi.org/10.1207/s15516709cog1402_1
 *
 * @throws {OptionError} If a size is not an integer above 0.
 */
export class RNN extends Recurrent<"h"> {
  readonly nonlinearity: Nonlinearity;

  constructor(inputSize: number, hiddenSize: number, options: RNNOptions) {
    checkRng("RNN", options);
    checkOptions("RNN", options, ["rng", "nonlinearity", "bias", "bidirectional", "dropout", "numLayers"]);
    const { nonlinearity = "tanh" } = options;
    checkChoice("RNN", "nonlinearity", nonlinearity, ["tanh", "relu"]);
    super(inputSize, hiddenSize, 1, options);
    this.nonlinearity = nonlinearity;
  }

  get stateSizes(): { readonly h: number } {
    return { h: this.hiddenSize };
  }

  protected scan(
    { weightIh, weightHh: weight, biasIh, biasHh }: RecurrentWeights,
    x: Tensor3D,
    { h }: DirectionState<"h">,
    recurrence: Recurrence,
  ) {
    const z = project(x, weightIh, biasIh && biasHh && add(biasIh, biasHh)); // [batch, time, hidden]
    const { nonlinearity } = this;
    const [output, last] = rnnScan({ x: z, weight, h }, { ...recurrence, nonlinearity });
    return { output, state: { h: last }, gatesAndStates: () => ({ h: output }) };
  }
}
