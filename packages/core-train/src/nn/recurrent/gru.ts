import { split, type Tensor3D, zeros } from "@tensorflow/tfjs-core";
import { checkOptions } from "../../check-options.ts";
import { gruScan } from "./gru-scan.ts";
import type { Recurrence } from "./recurrence.ts";
import { type DirectionState, project, Recurrent, type RecurrentOptions } from "./recurrent.ts";
import type { RecurrentWeights } from "./recurrent-weights.ts";

/** The state of a {@link GRU} or an {@link RNN}: the hidden state, `[layers · directions, batch, hidden]`. */
export type HiddenState = { readonly h: Tensor3D };

/**
 * A gated recurrent unit:
 *
 *     r, z = σ(x W + h U + b),   n = tanh(x Wₙ + bₙ + r (h Uₙ + b′ₙ)),   h ← (1 − z) n + z h
 *
 * Names, layouts, initial weights and numbers are those of `torch.nn.GRU`: gates in the order r, z, n, and the reset gate after the
 * product (Keras' `reset_after`). Sequences are `[batch, time, feature]`. A batch with `lengths` corresponds to a packed
 * sequence.
 *
 * Cho et al., 2014. https://arxiv.org/abs/1406.1078
 *
 * @throws {OptionError} If a size is not an integer above 0.
 */
export class GRU extends Recurrent<"h", "h" | "r" | "z" | "n"> {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions) {
    checkOptions("GRU", options, ["rng", "bias", "bidirectional", "dropout", "numLayers"]);
    super(inputSize, hiddenSize, 3, options);
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
    const bias = biasHh ?? zeros([3 * this.hiddenSize]);
    const z = project(x, weightIh, biasIh); // [batch, time, 3 hidden]
    const [output, last, gates] = gruScan({ x: z, weight, bias, h }, recurrence);
    const gatesAndStates = () => {
      const [r, z, n] = split<Tensor3D>(gates, 4, 2) as [Tensor3D, Tensor3D, Tensor3D, Tensor3D];
      return { h: output, r, z, n };
    };
    return { output, state: { h: last }, gatesAndStates };
  }
}
