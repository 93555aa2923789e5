import { checkChoice, checkRng } from "../../check-values.ts";
import { clone, relu, tanh, type Tensor2D, tidy, zeros } from "@tensorflow/tfjs-core";
import { checkOptions } from "../../check-options.ts";
import type { SequenceLayer, Step } from "../../module/sequence-layer.ts";
import { Cell, type CellOptions } from "./cell.ts";
import type { Nonlinearity } from "./rnn-scan.ts";

/** Options for {@link RNNCell}. */
export interface RNNCellOptions extends CellOptions {
  /** Default: tanh. */
  readonly nonlinearity?: Nonlinearity;
}

/** The state of an {@link RNNCell} or a {@link GRUCell}: the hidden state, `[batch, hidden]`. */
export type CellState = { readonly h: Tensor2D };

/** One time step of an {@link RNN}: `h ← tanh(x W + b + h U + b′)`. Names and numbers are those of `torch.nn.RNNCell`. */
export class RNNCell extends Cell implements SequenceLayer<Tensor2D, Tensor2D, CellState> {
  readonly nonlinearity: Nonlinearity;

  constructor(inputSize: number, hiddenSize: number, options: RNNCellOptions) {
    checkRng("RNNCell", options);
    checkOptions("RNNCell", options, ["rng", "nonlinearity", "bias"]);
    const { nonlinearity = "tanh" } = options;
    checkChoice("RNNCell", "nonlinearity", nonlinearity, ["tanh", "relu"]);
    super(inputSize, hiddenSize, 1, options);
    this.nonlinearity = nonlinearity;
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
      const sum = this.fromBoth(x, h);
      const output = this.nonlinearity === "relu" ? relu(sum) : tanh(sum); // [batch, hidden]
      return { output, state: { h: clone(output) } };
    });
  }
}
