import { type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { Cell, type CellOptions } from "./cell.ts";
import { gruTimeStep } from "./gru-time-step.ts";

/** A moment of a {@link GRU}. Names and numbers are those of `torch.nn.GRUCell`. */
export class GRUCell extends Cell {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions) {
    super(inputSize, hiddenSize, 3, options);
  }

  /**
   * @param x `[batch, input]`
   * @param h the state before, `[batch, hidden]`. Default: zeros
   * @returns the state after, `[batch, hidden]`
   */
  forward(x: Tensor2D, h?: Tensor2D): Tensor2D {
    return tidy(() => {
      const before = this.stateFor(x, "h", h);
      return gruTimeStep(this.ofInput(x), this.ofState(before), before).h;
    });
  }
}
