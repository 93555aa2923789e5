import { add, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import type { Recurrence } from "./recurrence.ts";
import { type DirectionState, project, Recurrent, type RecurrentOptions } from "./recurrent.ts";
import type { RecurrentWeights } from "./recurrent-weights.ts";
import { type Nonlinearity, rnnScan } from "./rnn-scan.ts";

/** Options of an {@link RNN}. */
export interface RNNOptions extends RecurrentOptions {
  /** Default: tanh. */
  readonly nonlinearity?: Nonlinearity;
}

/**
 * The plain recurrent network: `h ← tanh(x W + b + h U + b′)`, the same weights at every moment.
 *
 * Names, layouts, first weights and numbers are those of `torch.nn.RNN`. Sequences are `[batch, time, feature]`. A batch with
 * `lengths` gives what a packed one gives there.
 *
 * Elman, 1990. https://doi.org/10.1207/s15516709cog1402_1
 *
 * @throws {DataError} If a size is no whole number above 0.
 */
export class RNN extends Recurrent<"h"> {
  readonly nonlinearity: Nonlinearity;

  constructor(inputSize: number, hiddenSize: number, options: RNNOptions) {
    super(inputSize, hiddenSize, 1, options);
    this.nonlinearity = options.nonlinearity ?? "tanh";
  }

  get stateSizes(): { readonly h: number } {
    return { h: this.hiddenSize };
  }

  protected scan(weights: RecurrentWeights, x: Tensor3D, state: DirectionState, recurrence: Recurrence) {
    const { weightIh, weightHh: weight, biasIh, biasHh } = weights;
    const z = project(x, weightIh, biasIh && biasHh && add(biasIh, biasHh));
    const { nonlinearity } = this;
    const [y, h] = rnnScan({ x: z, weight, h: state[0] as Tensor2D }, { ...recurrence, nonlinearity });
    return { y, state: [h], inside: () => ({ h: y }) };
  }
}
