import { OptionError } from "../../option-error.ts";
import { checkSizes, checkProbabilities, checkRng } from "../../check-values.ts";
import {
  concat,
  gather,
  type Rank,
  reshape,
  slice,
  stack,
  tensor1d,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { DataError } from "../../data/data-error.ts";
import type { Layer } from "../../module/layer.ts";
import { Module } from "../../module/module.ts";
import type { SequenceLayer, Step } from "../../module/sequence-layer.ts";
import { isTraining } from "../../module/training.ts";
import { linear } from "../../op/linear.ts";
import type { Rng } from "../../rng/rng.ts";
import { checkShape } from "../../shape-error.ts";
import { tracing } from "../../trace/tracer.ts";
import type { HasTorchLayout, TorchLayout } from "../../weights/torch-layout.ts";
import { checkLengths } from "./check-lengths.ts";
import { dropTimeSteps } from "./drop-time-steps.ts";
import type { Recurrence } from "./recurrence.ts";
import { RecurrentWeights } from "./recurrent-weights.ts";

/** Options that {@link RNN}, {@link GRU} and {@link LSTM} have in common. */
export interface RecurrentOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** The number of layers; each processes the output of the previous layer. Default: 1. */
  readonly numLayers?: number;
  /** Whether to add biases. Default: true. */
  readonly bias?: boolean;
  /**
   * The probability that a feature between two layers is dropped in training. A batch with `lengths` has PyTorch's masks if it is
   * sorted by decreasing length, has at most 16 examples, or has no two equal lengths. Default: 0.
   */
  readonly dropout?: number;
  /** Whether each layer also processes the sequence backward. Default: false. */
  readonly bidirectional?: boolean;
}

/** Options for a batch of sequences. */
export interface SequenceOptions {
  /**
   * The number of time steps of each example of a batch that is padded at the end: PyTorch's `pack_padded_sequence`, without
   * sorting. Outputs beyond it are 0, the last state is that of each example's last time step, and the backward direction begins there. Default: all.
   */
  readonly lengths?: readonly number[];
}

/** The states of a recurrent network, `[layers · directions, batch, size]` each. */
export type RecurrentState<Names extends string> = Readonly<Record<Names, Tensor3D>>;

/** The states of one direction of one layer, `[batch, size]` each. */
export type DirectionState<Names extends string> = Readonly<Record<Names, Tensor2D>>;

/** One direction of one layer over all time steps. */
export interface Scanned<Names extends string, All extends string> extends Step<
  Tensor3D,
  DirectionState<Names>
> {
  /** Gates and states at all time steps, `[batch, time, size]` each. */
  readonly gatesAndStates: () => Readonly<Record<All, Tensor3D>>;
}

/** Layers of a recurrence, forward or in both directions. `Names` are those of its states, `All` those of its gates and states. */
export abstract class Recurrent<Names extends string, All extends string = Names>
  extends Module
  implements
    Layer<Tensor3D, Tensor3D>,
    SequenceLayer<Tensor3D, Tensor3D, RecurrentState<Names>>,
    HasTorchLayout
{
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bidirectional: boolean;
  readonly dropout: number;
  readonly rng: Rng;
  /** The weights by layer, forward before backward. */
  readonly directions: readonly RecurrentWeights[];

  constructor(
    inputSize: number,
    hiddenSize: number,
    gates: number,
    options: RecurrentOptions & { readonly projSize?: number },
  ) {
    super();
    const caller = new.target.name;
    checkRng(caller, options);
    const { rng, numLayers = 1, bias = true, dropout = 0, bidirectional = false, projSize = 0 } = options;
    checkSizes(caller, { inputSize, hiddenSize, numLayers });
    checkSizes(caller, { projSize }, 0);
    checkProbabilities(caller, { dropout });
    if (projSize >= hiddenSize)
      throw new OptionError(caller, "projSize", projSize, `an integer below hiddenSize, ${hiddenSize}`);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.bidirectional = bidirectional;
    this.dropout = dropout;
    this.rng = rng;
    const perLayer = bidirectional ? 2 : 1;
    const out = (projSize || hiddenSize) * perLayer;
    this.directions = Array.from({ length: numLayers * perLayer }, (_, i) => {
      const layer = Math.floor(i / perLayer);
      const suffix = `_l${layer}${i % perLayer === 1 ? "_reverse" : ""}`;
      const size = layer === 0 ? inputSize : out;
      return new RecurrentWeights({ inputSize: size, hiddenSize, gates, bias, projSize, suffix }, rng);
    });
  }

  get torchLayout(): TorchLayout {
    return Object.fromEntries(this.directions.map((_, i) => [`directions.${i}`, { name: "" }]));
  }

  /** The size of each state. */
  abstract readonly stateSizes: Readonly<Record<Names, number>>;

  /** One direction of one layer over all time steps. */
  protected abstract scan(
    weights: RecurrentWeights,
    x: Tensor3D,
    state: DirectionState<Names>,
    recurrence: Recurrence,
  ): Scanned<Names, All>;

  /** Zeros, `[layers · directions, batch, size]` each. */
  initialState(batch: number): RecurrentState<Names> {
    const count = this.directions.length;
    return this.#record((name) => zeros<Rank.R3>([count, batch, this.stateSizes[name]]));
  }

  /**
   * @param x `[batch, time, inputSize]`
   * @returns the output of the last layer, `[batch, time, directions · size]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.step(x).output);
  }

  /**
   * Processes the next time steps. A bidirectional layer runs backward only within `x`.
   *
   * @param x `[batch, time, inputSize]`
   * @param state `[layers · directions, batch, size]` each. Default: zeros
   * @returns the output of the last layer, forward and backward side by side, `[batch, time, directions · size]`; and the last state
   * @throws {ShapeError} If the shapes do not match.
   * @throws {LengthsError} If a length is not from 1 to the time steps of `x`.
   */
  step(
    x: Tensor3D,
    state?: RecurrentState<Names>,
    options: SequenceOptions = {},
  ): Step<Tensor3D, RecurrentState<Names>> {
    const run = (): Step<Tensor3D, RecurrentState<Names>> =>
      tidy(() => {
        const { output, scanned } = this.#read(x, state, options);
        const last = this.#record((name) => stack(scanned.map((one) => one.state[name])) as Tensor3D);
        return { output, state: last };
      });
    return tracing.tracer === null ? run() : tracing.tracer.call(this, [x, state, options], run);
  }

  /**
   * The gates and states at all time steps, for each direction of each layer in the order of {@link directions}: `[batch, time, size]`
   * each, and 0 beyond an example's length.
   *
   * @param x `[batch, time, inputSize]`
   * @param state as in {@link step}
   */
  gatesAndStates(
    x: Tensor3D,
    state?: RecurrentState<Names>,
    options: SequenceOptions = {},
  ): Readonly<Record<All, Tensor3D>>[] {
    return tidy(() => this.#read(x, state, options).scanned.map((one) => one.gatesAndStates()));
  }

  /** The states of some examples of the batch, in the order given. */
  select(state: RecurrentState<Names>, examples: readonly number[]): RecurrentState<Names> {
    return tidy(() => {
      const rows = tensor1d([...examples], "int32");
      return this.#record((name) => gather(state[name], rows, 1));
    });
  }

  #read(x: Tensor3D, given: RecurrentState<Names> | undefined, options: SequenceOptions) {
    const caller = `${this.constructor.name}(${this.inputSize}, ${this.hiddenSize})`;
    checkShape(caller, "x", x, ["batch", "time", this.inputSize]);
    const [batch, time] = x.shape;
    if (time === 0) throw new DataError(`${caller}: x has no time steps, expected at least one.`);
    const lengths = checkLengths(caller, options.lengths, batch, time);
    const state = given ?? this.initialState(batch);
    for (const name of this.#names)
      checkShape(caller, name, state[name], [this.directions.length, batch, this.stateSizes[name]]);
    const perLayer = this.bidirectional ? 2 : 1;
    const scanned: Scanned<Names, All>[] = [];
    let output = x;
    for (let layer = 0; layer < this.numLayers; layer++) {
      if (layer > 0 && isTraining(this)) output = dropTimeSteps(output, this.dropout, this.rng, lengths);
      const input = output;
      const sides = this.directions.slice(layer * perLayer, (layer + 1) * perLayer).map((weights, side) => {
        const own = this.#record((name) => directionOf(state[name], layer * perLayer + side));
        return this.scan(weights, input, own, { lengths, reverse: side === 1 });
      });
      scanned.push(...sides);
      const outputs = sides.map((side) => side.output);
      output = concat(outputs, 2); // [batch, time, directions · size]
    }
    return { output, scanned };
  }

  get #names(): Names[] {
    return Object.keys(this.stateSizes) as Names[];
  }

  #record<T>(make: (name: Names) => T): Readonly<Record<Names, T>> {
    return Object.fromEntries(this.#names.map((name) => [name, make(name)])) as Record<Names, T>;
  }
}

/** The input times its weights, for all time steps: `[batch, time, gates · hidden]`. */
export function project(x: Tensor3D, weight: Tensor2D, bias: Tensor1D | null): Tensor3D {
  const [batch, time, size] = x.shape;
  const rows: Tensor2D = reshape(x, [batch * time, size]);
  return reshape(linear(rows, weight, bias), [batch, time, weight.shape[1]]);
}

const directionOf = (state: Tensor3D, direction: number): Tensor2D => {
  const [, batch, size] = state.shape;
  return reshape(slice(state, [direction, 0, 0], [1, batch, size]), [batch, size]);
};
