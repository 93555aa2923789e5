import type { Rank } from "@tensorflow/tfjs-core";
import { initialized } from "../../init/initialized.ts";
import { uniform } from "../../init/uniform.ts";
import { Module } from "../../module/module.ts";
import type { Parameter } from "../../module/parameter.ts";
import type { Rng } from "../../rng/rng.ts";
import type { HasTorchLayout, TorchLayout } from "../../weights/torch-layout.ts";

/** The sizes of a recurrence in one direction. */
export interface RecurrentSizes {
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** The number of gates, `hiddenSize` wide each: 1 for an RNN, 3 for a GRU, 4 for an LSTM. */
  readonly gates: number;
  readonly bias: boolean;
  /** The size to which the hidden state is projected; 0 for no projection. */
  readonly projSize: number;
  /** The suffix of PyTorch's names: `_l0`, `_l1_reverse`; empty for a cell. */
  readonly suffix: string;
}

/**
 * The weights of a recurrence in one direction, initialized as in PyTorch: each uniformly within `± 1 / √hiddenSize`, in the order
 * of the fields.
 */
export class RecurrentWeights extends Module implements HasTorchLayout {
  /** `[input, gates · hidden]` */
  readonly weightIh: Parameter<Rank.R2>;
  /** `[hidden, gates · hidden]` */
  readonly weightHh: Parameter<Rank.R2>;
  /** `[gates · hidden]`; There are two biases, which are added, as in PyTorch. */
  readonly biasIh: Parameter<Rank.R1> | null;
  /** `[gates · hidden]` */
  readonly biasHh: Parameter<Rank.R1> | null;
  /** `[hidden, projected]` */
  readonly weightHr: Parameter<Rank.R2> | null;
  readonly #suffix: string;

  constructor(sizes: RecurrentSizes, rng: Rng) {
    super();
    const { inputSize, hiddenSize, gates, bias, projSize, suffix } = sizes;
    const bound = hiddenSize === 0 ? 0 : 1 / Math.sqrt(hiddenSize);
    const init = uniform(-bound, bound);
    const matrix = (rows: number, columns: number): Parameter<Rank.R2> =>
      initialized([columns, rows], init, rng, [1, 0]);
    const vector = (): Parameter<Rank.R1> => initialized([gates * hiddenSize], init, rng);
    this.weightIh = matrix(inputSize, gates * hiddenSize);
    this.weightHh = matrix(projSize || hiddenSize, gates * hiddenSize);
    this.biasIh = bias ? vector() : null;
    this.biasHh = bias ? vector() : null;
    this.weightHr = projSize > 0 ? matrix(hiddenSize, projSize) : null;
    this.#suffix = suffix;
  }

  get torchLayout(): TorchLayout {
    const suffix = this.#suffix;
    return {
      weightIh: { name: `weight_ih${suffix}`, axes: [1, 0] },
      weightHh: { name: `weight_hh${suffix}`, axes: [1, 0] },
      biasIh: { name: `bias_ih${suffix}` },
      biasHh: { name: `bias_hh${suffix}` },
      weightHr: { name: `weight_hr${suffix}`, axes: [1, 0] },
    };
  }
}
