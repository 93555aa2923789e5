import { clone, type Tensor2D, tidy, zeros } from "@tensorflow/tfjs-core";
import { checkOptions } from "../../check-options.ts";
import type { SequenceLayer, Step } from "../../module/sequence-layer.ts";
import { Cell, type CellOptions } from "./cell.ts";
import { gruTimeStep } from "./gru-time-step.ts";
import type { CellState } from "./rnn-cell.ts";

/** One time step of a {@link GRU}. Names and numbers are those of `torch.nn.GRUCell`. */
export class GRUCell extends Cell implements SequenceLayer<Tensor2D, Tensor2D, CellState> {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions) {
    checkOptions("GRUCell", options, ["rng", "bias"]);
    super(inputSize, hiddenSize, 3, options);
  }

  initialState(batch: number): CellState {
    return { h: zeros([batch, this.hiddenSize]) };
  }

  /**
   * @param x `[batch, input]`
   * @returns the hidden state, as output and as state
   */
  step(x: Tensor2D, { h }: CellState): Step<Tensor2D, CellState> {
    this.checkState(x, "h", h);
    return tidy(() => {
      const output = gruTimeStep(this.fromInput(x), this.fromState(h), h).h; // [batch, hidden]
      return { output, state: { h: clone(output) } };
    });
  }
}
