import { checkSizes, checkRng } from "../../check-values.ts";
import { add, type Tensor2D } from "@tensorflow/tfjs-core";
import { linear } from "../../op/linear.ts";
import type { Rng } from "../../rng/rng.ts";
import { checkShape } from "../../shape-error.ts";
import { RecurrentWeights } from "./recurrent-weights.ts";

/** Options for a recurrent cell. */
export interface CellOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Whether to add biases. Default: true. */
  readonly bias?: boolean;
}

/** The base of {@link RNNCell}, {@link GRUCell} and {@link LSTMCell}: the weights, and their products. */
export abstract class Cell extends RecurrentWeights {
  readonly inputSize: number;
  readonly hiddenSize: number;

  constructor(inputSize: number, hiddenSize: number, gates: number, options: CellOptions) {
    checkRng(new.target.name, options);
    checkSizes(new.target.name, { inputSize, hiddenSize });
    const { rng, bias = true } = options;
    super({ inputSize, hiddenSize, gates, bias, projSize: 0, suffix: "" }, rng);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
  }

  /** `x W + b`, `[batch, gates · hidden]` */
  protected fromInput(x: Tensor2D): Tensor2D {
    checkShape(this.#caller, "x", x, ["batch", this.inputSize]);
    return linear(x, this.weightIh, this.biasIh);
  }

  /** `h U + b′`, `[batch, gates · hidden]` */
  protected fromState(h: Tensor2D): Tensor2D {
    return linear(h, this.weightHh, this.biasHh);
  }

  /** `x W + b + h U + b′`, `[batch, gates · hidden]` */
  protected fromBoth(x: Tensor2D, h: Tensor2D): Tensor2D {
    return add(this.fromInput(x), this.fromState(h));
  }

  /** @throws {ShapeError} Unless a state is `[batch, hidden]`. */
  protected checkState(x: Tensor2D, name: string, state: Tensor2D): void {
    checkShape(this.#caller, name, state, [x.shape[0], this.hiddenSize]);
  }

  get #caller(): string {
    return `${this.constructor.name}(${this.inputSize}, ${this.hiddenSize})`;
  }
}
