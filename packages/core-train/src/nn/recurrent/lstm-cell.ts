import { type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { Cell, type CellOptions } from "./cell.ts";
import { lstmTimeStep } from "./lstm-time-step.ts";

/** The state of an {@link LSTMCell}, `[batch, hidden]` each. */
export type LSTMCellState = { readonly h: Tensor2D; readonly c: Tensor2D };

/** A moment of an {@link LSTM}. Names and numbers are those of `torch.nn.LSTMCell`. */
export class LSTMCell extends Cell {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions) {
    super(inputSize, hiddenSize, 4, options);
  }

  /**
   * @param x `[batch, input]`
   * @param before the state before. Default: zeros
   * @returns the state after
   */
  forward(x: Tensor2D, before?: LSTMCellState): LSTMCellState {
    return tidy(() => {
      const h = this.stateFor(x, "h", before?.h);
      const { h: out, c } = lstmTimeStep(this.ofBoth(x, h), this.stateFor(x, "c", before?.c));
      return { h: out, c };
    });
  }
}
