import { add, type Tensor2D, zeros } from "@tensorflow/tfjs-core";
import { linear } from "../../op/linear.ts";
import type { Rng } from "../../rng/rng.ts";
import { checkShape } from "../../shape-error.ts";
import { RecurrentWeights } from "./recurrent-weights.ts";

/** Options of a cell. */
export interface CellOptions {
  /** Where the first weights come from. */
  readonly rng: Rng;
  /** Whether there are biases. Default: true. */
  readonly bias?: boolean;
}

/** One moment of a recurrence: what {@link RNNCell}, {@link GRUCell} and {@link LSTMCell} have in common. */
export abstract class Cell extends RecurrentWeights {
  readonly inputSize: number;
  readonly hiddenSize: number;

  constructor(inputSize: number, hiddenSize: number, gates: number, { rng, bias = true }: CellOptions) {
    super({ inputSize, hiddenSize, gates, bias, projSize: 0, suffix: "" }, rng);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
  }

  /** What the input adds, `[batch, gates · hidden]`. */
  protected ofInput(x: Tensor2D): Tensor2D {
    checkShape(this.#who(), "x", x, ["batch", this.inputSize]);
    return linear(x, this.weightIh, this.biasIh);
  }

  /** What the state before adds, `[batch, gates · hidden]`. */
  protected ofState(h: Tensor2D): Tensor2D {
    return linear(h, this.weightHh, this.biasHh);
  }

  /** The sum of both. */
  protected ofBoth(x: Tensor2D, h: Tensor2D): Tensor2D {
    return add(this.ofInput(x), this.ofState(h));
  }

  /** A state that goes with `x`: the one given, or zeros. */
  protected stateFor(x: Tensor2D, name: string, state: Tensor2D | undefined): Tensor2D {
    const shape: [number, number] = [x.shape[0], this.hiddenSize];
    if (state === undefined) return zeros(shape);
    checkShape(this.#who(), name, state, shape);
    return state;
  }

  #who(): string {
    return `${this.constructor.name}(${this.inputSize}, ${this.hiddenSize})`;
  }
}
