import { split, type Tensor2D, type Tensor3D, zeros } from "@tensorflow/tfjs-core";
import { gruScan } from "./gru-scan.ts";
import type { Recurrence } from "./recurrence.ts";
import { type DirectionState, project, Recurrent, type RecurrentOptions } from "./recurrent.ts";
import type { RecurrentWeights } from "./recurrent-weights.ts";

/** The state of a {@link GRU} or an {@link RNN}, `[layers · directions, batch, hidden]`. */
export type HiddenState = { readonly h: Tensor3D };

/**
 * A gated recurrent unit:
 *
 *     r, z = σ(x W + h U + b),   n = tanh(x Wₙ + bₙ + r (h Uₙ + b′ₙ)),   h ← (1 − z) n + z h
 *
 * Names, layouts, first weights and numbers are those of `torch.nn.GRU`: gates in the order r, z, n, and the reset gate after the
 * product (Keras' `reset_after`). Sequences are `[batch, time, feature]`. A batch with `lengths` gives what a packed one gives there.
 *
 * Cho et al., 2014. https://arxiv.org/abs/1406.1078
 *
 * @throws {DataError} If a size is no whole number above 0.
 */
export class GRU extends Recurrent<"h", "h" | "r" | "z" | "n"> {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions) {
    super(inputSize, hiddenSize, 3, options);
  }

  get stateSizes(): { readonly h: number } {
    return { h: this.hiddenSize };
  }

  protected scan(weights: RecurrentWeights, x: Tensor3D, state: DirectionState, recurrence: Recurrence) {
    const { weightIh, weightHh: weight, biasIh, biasHh } = weights;
    const bias = biasHh ?? zeros([3 * this.hiddenSize]);
    const [y, h, gates] = gruScan(
      { x: project(x, weightIh, biasIh), weight, bias, h: state[0] as Tensor2D },
      recurrence,
    );
    const inside = () => {
      const [r, z, n] = split(gates, 4, 2) as [Tensor3D, Tensor3D, Tensor3D, Tensor3D];
      return { h: y, r, z, n };
    };
    return { y, state: [h], inside };
  }
}
