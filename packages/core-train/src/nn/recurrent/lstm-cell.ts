import { clone, type Tensor2D, tidy, zeros } from "@tensorflow/tfjs-core";
import { checkOptions } from "../../check-options.ts";
import type { SequenceLayer, Step } from "../../module/sequence-layer.ts";
import { Cell, type CellOptions } from "./cell.ts";
import { lstmTimeStep } from "./lstm-time-step.ts";

/** The hidden state and the cell state of an {@link LSTMCell}, `[batch, hidden]` each. */
export type LSTMCellState = { readonly h: Tensor2D; readonly c: Tensor2D };

/** One time step of an {@link LSTM}. Names and numbers are those of `torch.nn.LSTMCell`. */
export class LSTMCell extends Cell implements SequenceLayer<Tensor2D, Tensor2D, LSTMCellState> {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions) {
    checkOptions("LSTMCell", options, ["rng", "bias"]);
    super(inputSize, hiddenSize, 4, options);
  }

  initialState(batch: number): LSTMCellState {
    const shape: [number, number] = [batch, this.hiddenSize];
    return { h: zeros(shape), c: zeros(shape) };
  }

  /**
   * @param x `[batch, input]`
   * @returns the hidden state as output, and both states
   */
  step(x: Tensor2D, state: LSTMCellState): Step<Tensor2D, LSTMCellState> {
    this.checkState(x, "h", state.h);
    this.checkState(x, "c", state.c);
    return tidy(() => {
      const { h, c } = lstmTimeStep(this.fromBoth(x, state.h), state.c);
      return { output: h, state: { h: clone(h), c } };
    });
  }
}
