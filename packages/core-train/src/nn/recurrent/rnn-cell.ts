import { relu, tanh, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { Cell, type CellOptions } from "./cell.ts";
import type { Nonlinearity } from "./rnn-scan.ts";

/** Options of an {@link RNNCell}. */
export interface RNNCellOptions extends CellOptions {
  /** Default: tanh. */
  readonly nonlinearity?: Nonlinearity;
}

/** A moment of an {@link RNN}: `h ← tanh(x W + b + h U + b′)`. Names and numbers are those of `torch.nn.RNNCell`. */
export class RNNCell extends Cell {
  readonly nonlinearity: Nonlinearity;

  constructor(inputSize: number, hiddenSize: number, options: RNNCellOptions) {
    super(inputSize, hiddenSize, 1, options);
    this.nonlinearity = options.nonlinearity ?? "tanh";
  }

  /**
   * @param x `[batch, input]`
   * @param h the state before, `[batch, hidden]`. Default: zeros
   * @returns the state after, `[batch, hidden]`
   */
  forward(x: Tensor2D, h?: Tensor2D): Tensor2D {
    return tidy(() => {
      const sum = this.ofBoth(x, this.stateFor(x, "h", h));
      return this.nonlinearity === "relu" ? relu(sum) : tanh(sum);
    });
  }
}
