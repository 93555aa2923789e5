import {
  concat,
  type Rank,
  reshape,
  slice,
  stack,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { DataError } from "../../data/data-error.ts";
import type { Layer } from "../../module/layer.ts";
import { Module } from "../../module/module.ts";
import { isTraining } from "../../module/training.ts";
import { linear } from "../../op/linear.ts";
import type { Rng } from "../../rng/rng.ts";
import { checkShape } from "../../shape-error.ts";
import type { TorchLayout, StoredByTorch } from "../../weights/torch-layout.ts";
import { dropTimeSteps } from "./drop-time-steps.ts";
import { checkLengths } from "./lengths-error.ts";
import type { Recurrence } from "./recurrence.ts";
import { RecurrentWeights } from "./recurrent-weights.ts";

/** What {@link RNN}, {@link GRU} and {@link LSTM} have in common. */
export interface RecurrentOptions {
  /** Where the first weights come from, and what dropout draws. */
  readonly rng: Rng;
  /** How many layers, each reading what the one below puts out. Default: 1. */
  readonly numLayers?: number;
  /** Whether there are biases. Default: true. */
  readonly bias?: boolean;
  /** How likely a feature is dropped between two layers, while it trains. Default: 0. */
  readonly dropout?: number;
  /** Whether each layer reads the sequence backward too. Default: false. */
  readonly bidirectional?: boolean;
}

/** How a batch of sequences is read. */
export interface ReadOptions {
  /**
   * How many moments each example has, where some are padded at the end: PyTorch's `pack_padded_sequence`, in any order. Outputs
   * beyond are 0, a last state is each example's own, and backward starts there. Default: all moments.
   */
  readonly lengths?: readonly number[];
}

/** What comes of a sequence. */
export interface Read<State> {
  /** What the last layer puts out at each moment; forward and backward side by side: `[batch, time, directions · size]`. */
  readonly y: Tensor3D;
  /** The last states. */
  readonly state: State;
}

/** The states of one direction: `h`, and for an LSTM `c`, `[batch, size]` each. */
export type DirectionState = readonly Tensor2D[];

/** One direction of one layer over all moments. */
export interface Scanned<Inside extends string> {
  readonly y: Tensor3D;
  readonly state: DirectionState;
  /** What was inside, where it is asked for. */
  readonly inside: () => Readonly<Record<Inside, Tensor3D>>;
}

/** Layers of a recurrence, forward or in both directions: `Names` are those of its states, `Inside` those of all that can be looked at. */
export abstract class Recurrent<Names extends string, Inside extends string = Names>
  extends Module
  implements Layer<Tensor3D, Tensor3D>, StoredByTorch
{
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bidirectional: boolean;
  readonly dropout: number;
  readonly rng: Rng;
  /** By layer, forward before backward. */
  readonly directions: readonly RecurrentWeights[];

  constructor(
    inputSize: number,
    hiddenSize: number,
    gates: number,
    options: RecurrentOptions & { readonly projSize?: number },
  ) {
    super();
    const { rng, numLayers = 1, bias = true, dropout = 0, bidirectional = false, projSize = 0 } = options;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.bidirectional = bidirectional;
    this.dropout = dropout;
    this.rng = rng;
    this.#check(projSize);
    const perLayer = bidirectional ? 2 : 1;
    const out = (projSize || hiddenSize) * perLayer;
    this.directions = Array.from({ length: numLayers * perLayer }, (_, i) => {
      const layer = Math.floor(i / perLayer);
      const suffix = `_l${layer}${i % perLayer === 1 ? "_reverse" : ""}`;
      return new RecurrentWeights(
        { inputSize: layer === 0 ? inputSize : out, hiddenSize, gates, bias, projSize, suffix },
        rng,
      );
    });
  }

  get torchLayout(): TorchLayout {
    return Object.fromEntries(this.directions.map((_, i) => [`directions.${i}`, { name: "" }]));
  }

  /** The states that there are, with their sizes. */
  abstract readonly stateSizes: Readonly<Record<Names, number>>;

  /** One direction of one layer over all moments. */
  protected abstract scan(
    weights: RecurrentWeights,
    x: Tensor3D,
    state: DirectionState,
    recurrence: Recurrence,
  ): Scanned<Inside>;

  /** Zeros, `[layers · directions, batch, size]` each. */
  initialState(batch: number): Readonly<Record<Names, Tensor3D>> {
    const zero = (size: number) => zeros<Rank.R3>([this.directions.length, batch, size]);
    return this.#states((name) => zero(this.stateSizes[name]));
  }

  /**
   * @param x `[batch, time, inputSize]`
   * @returns what the last layer puts out at each moment, `[batch, time, directions · size]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.advance(x).y);
  }

  /**
   * Reads some time steps, one or many, after those that left `before`; which stays the caller's.
   *
   * @param x `[batch, time, inputSize]`
   * @param before `[layers · directions, batch, size]` each. Default: zeros
   * @returns outputs, and the states after, of the layers in order, forward before backward
   * @throws {ShapeError} If the shapes do not go together.
   * @throws {LengthsError} If a length is not from 1 to the moments of `x`.
   */
  advance(
    x: Tensor3D,
    before?: Readonly<Record<Names, Tensor3D>>,
    options: ReadOptions = {},
  ): Read<Readonly<Record<Names, Tensor3D>>> {
    return tidy(() => {
      const { y, state } = this.#read(x, before, options);
      return { y, state };
    });
  }

  /**
   * What goes on inside while it reads: for each direction of each layer (in the order of {@link directions}) the states and the
   * gates at all time steps, `[batch, time, size]` each. Beyond an example's length all is 0.
   *
   * @param x `[batch, time, inputSize]`
   * @param before as in {@link advance}
   */
  inside(
    x: Tensor3D,
    before?: Readonly<Record<Names, Tensor3D>>,
    options: ReadOptions = {},
  ): Readonly<Record<Inside, Tensor3D>>[] {
    return tidy(() => this.#read(x, before, options).scanned.map(({ inside }) => inside()));
  }

  #read(x: Tensor3D, before: Readonly<Record<Names, Tensor3D>> | undefined, options: ReadOptions) {
    const who = `${this.constructor.name}(${this.inputSize}, ${this.hiddenSize})`;
    checkShape(who, "x", x, ["batch", "time", this.inputSize]);
    const [batch, time] = x.shape;
    if (time === 0) throw new DataError(`${who}: x has no moment, expected one at least.`);
    const lengths = checkLengths(who, options.lengths, batch, time);
    const names = this.#names();
    if (before !== undefined)
      for (const name of names)
        checkShape(who, name, before[name], [this.directions.length, batch, this.stateSizes[name]]);
    const first = before ?? this.initialState(batch);
    const perLayer = this.bidirectional ? 2 : 1;
    const scanned: Scanned<Inside>[] = [];
    let y = x;
    for (let layer = 0; layer < this.numLayers; layer++) {
      if (layer > 0 && isTraining(this)) y = dropTimeSteps(y, this.dropout, this.rng, lengths);
      const sides: Tensor3D[] = [];
      for (let side = 0; side < perLayer; side++) {
        const at = layer * perLayer + side;
        const own = names.map((name) => direction(first[name], at));
        const after = this.scan(this.directions[at] as RecurrentWeights, y, own, {
          lengths,
          reverse: side === 1,
        });
        sides.push(after.y);
        scanned.push(after);
      }
      y = sides.length === 1 ? (sides[0] as Tensor3D) : concat(sides, 2); // [batch, time, directions · size]
    }
    const state = this.#states((name) => {
      const i = names.indexOf(name);
      return stack(scanned.map(({ state }) => state[i] as Tensor2D)) as Tensor3D;
    });
    return { y, state, scanned };
  }

  #names(): Names[] {
    return Object.keys(this.stateSizes) as Names[];
  }

  #states(make: (name: Names) => Tensor3D): Readonly<Record<Names, Tensor3D>> {
    return Object.fromEntries(this.#names().map((name) => [name, make(name)])) as Record<Names, Tensor3D>;
  }

  #check(projSize: number): void {
    const who = this.constructor.name;
    const { inputSize, hiddenSize, numLayers, dropout } = this;
    for (const [name, value] of Object.entries({ inputSize, hiddenSize, numLayers }))
      if (!Number.isInteger(value) || value < 1)
        throw new DataError(`${who}: ${name} is ${value}, expected a whole number above 0.`);
    if (!(dropout >= 0 && dropout <= 1))
      throw new DataError(`${who}: dropout is ${dropout}, expected a probability, 0 to 1.`);
    if (!Number.isInteger(projSize) || projSize < 0 || projSize >= hiddenSize)
      throw new DataError(
        `${who}: projSize is ${projSize}, expected a whole number below hiddenSize, ${hiddenSize}.`,
      );
  }
}

/** What a sequence adds to the gates, all moments at once: `[batch, time, gates · hidden]`. */
export function project(x: Tensor3D, weight: Tensor2D, bias: Tensor1D | null): Tensor3D {
  const [batch, time, size] = x.shape;
  const rows: Tensor2D = reshape(x, [batch * time, size]);
  return reshape(linear(rows, weight, bias), [batch, time, weight.shape[1]]);
}

const direction = (state: Tensor3D, at: number): Tensor2D => {
  const [, batch, size] = state.shape;
  return reshape(slice(state, [at, 0, 0], [1, batch, size]), [batch, size]);
};
