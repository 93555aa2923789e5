import {
  checkOptions,
  checkPositive,
  checkRecord,
  checkRng,
  checkShape,
  checkSizes,
  gelu,
  type HasTorchLayout,
  headSize,
  init,
  initialized,
  LayerNorm,
  Linear,
  mergeHeads,
  Module,
  OptionError,
  type Parameter,
  relu,
  type Rng,
  ShapeError,
  rotary,
  sigmoid,
  splitHeads,
  type Step,
  type TorchLayout,
} from "@pellucid/core-train";
import {
  add,
  clone,
  concat,
  mul,
  type Rank,
  range,
  reshape,
  slice,
  sum,
  type Tensor1D,
  type Tensor3D,
  type Tensor4D,
  tidy,
  tile,
  zeros,
  div,
} from "@tensorflow/tfjs-core";
import { checkSequence } from "../state-shapes.ts";
import { type FastLayer, readTokens, takeStep } from "./fast-weights.ts";
import type { Mixer } from "../mixer.ts";

/** Options for {@link TttLinear} and {@link TttMlp}. */
export interface TttOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Heads, each of which trains maps of its own. Default: 1. */
  readonly numHeads?: number;
  /** Tokens of a mini-batch, whose gradients are all taken at its beginning. Default: 16. */
  readonly miniBatchSize?: number;
  /** The largest learning rate, before it is divided by the features of a head. Default: 1, and 0.1 for {@link TttMlp}. */
  readonly baseLr?: number;
  /** Whether the output is multiplied with a projection of the input. Default: false. */
  readonly useGate?: boolean;
  /** See {@link rotary}; positions begin anew with each mini-batch. Default: 10000. */
  readonly ropeTheta?: number;
}

/** The maps of {@link TttLinear} and {@link TttMlp}, and the tokens of an unfinished mini-batch: `weight0`, `bias0`, `inputs0`, `errors0`, and those of the second map. */
export type TttState = Readonly<Record<string, Tensor4D>>;

/**
 * A layer whose state is a model that is trained while it reads (test-time training): for each token one step of gradient descent on the reconstruction of the token's value from its key, `½ ‖LN(f(k)) − (v − k)‖²`; the output is `q + LN(f(q))`.
 *
 * Names, layouts, formulas and initial weights are those of ttt-lm-pytorch, in its form with separate queries and keys. There a call after an unfinished mini-batch must be of one token; here of any number.
 *
 * Sun et al., 2024. Learning to (learn at test time). https://arxiv.org/abs/2407.04620
 */
export abstract class Ttt extends Module implements Mixer<TttState>, HasTorchLayout {
  readonly dModel: number;
  readonly numHeads: number;
  readonly miniBatchSize: number;
  readonly baseLr: number;
  readonly ropeTheta: number;
  /** `[token]`, what is added to `1 / (token + 1)`. */
  readonly learnableTokenIdx: Parameter<Rank.R1>;
  readonly qProj: Linear;
  readonly kProj: Linear;
  readonly vProj: Linear;
  readonly oProj: Linear;
  /** `[head, 1, feature]` */
  readonly learnableTttLrWeight: Parameter<Rank.R3>;
  /** `[head, 1]` */
  readonly learnableTttLrBias: Parameter<Rank.R2>;
  /** `[head, feature of a head]` */
  readonly tttNormWeight: Parameter<Rank.R2>;
  readonly tttNormBias: Parameter<Rank.R2>;
  readonly gProj: Linear | null;
  readonly postNorm: LayerNorm;

  constructor(dModel: number, options: TttOptions & { readonly baseLr: number }) {
    const caller = new.target.name;
    super();
    checkRng(caller, options);
    checkOptions(caller, options, ["rng", "numHeads", "miniBatchSize", "baseLr", "useGate", "ropeTheta"]);
    const { rng, numHeads = 1, miniBatchSize = 16, baseLr, useGate = false, ropeTheta = 10_000 } = options;
    checkSizes(caller, { dModel, numHeads, miniBatchSize });
    checkPositive(caller, { baseLr, ropeTheta });
    const width = headSize(caller, dModel, numHeads);
    if (width % 2 !== 0) throw new OptionError(caller, "dModel / numHeads", width, "an even number");
    this.dModel = dModel;
    this.numHeads = numHeads;
    this.miniBatchSize = miniBatchSize;
    this.baseLr = baseLr;
    this.ropeTheta = ropeTheta;
    const project = () => new Linear(dModel, dModel, { rng, bias: false });
    this.learnableTokenIdx = initialized([miniBatchSize], init.zeros(), rng);
    this.qProj = project();
    this.kProj = project();
    this.vProj = project();
    this.oProj = project();
    new Linear(dModel, 1, { rng }).dispose(); // drawn and left there
    this.learnableTttLrWeight = initialized([numHeads, 1, dModel], perHead(init.normal(0, 0.02)), rng);
    new Linear(dModel, 1, { rng }).dispose();
    this.learnableTttLrBias = initialized([numHeads, 1], init.zeros(), rng);
    this.tttNormWeight = initialized([numHeads, width], init.ones(), rng);
    this.tttNormBias = initialized([numHeads, width], init.zeros(), rng);
    this.gProj = useGate ? project() : null;
    this.postNorm = new LayerNorm(dModel, { eps: 1e-6 });
  }

  get torchLayout(): TorchLayout {
    return {};
  }

  /** The last projection, for language models. */
  get outProj(): Linear {
    return this.oProj;
  }

  /** The maps as parameters, first to last: weight `[head, in, out]` and bias `[head, 1, out]`. */
  protected abstract maps(): readonly (readonly [weight: Tensor3D, bias: Tensor3D])[];

  initialState(batch: number): TttState {
    return tidy(() =>
      toState(
        this.maps().map(([weight, bias]) => {
          const [heads, from, to] = weight.shape;
          return {
            weight: tile(reshape(weight, [1, heads, from, to]), [batch, 1, 1, 1]),
            bias: tile(reshape(bias, [1, heads, 1, to]), [batch, 1, 1, 1]),
            inputs: zeros<Rank.R4>([batch, heads, 0, from]),
            errors: zeros<Rank.R4>([batch, heads, 0, to]),
          };
        }),
      ),
    );
  }

  /**
   * @param x `[batch, time, feature]`
   * @returns `[batch, time, feature]`
   */
  forward(x: Tensor3D): Tensor3D {
    checkShape(this.constructor.name, "x", x, ["batch", "time", this.dModel]);
    return tidy(() => this.step(x, this.initialState(x.shape[0])).output);
  }

  /** Reads the next time steps, and continues to learn from them. */
  step(x: Tensor3D, state: TttState): Step<Tensor3D, TttState> {
    this.#checkStep(x, state);
    return tidy(() => {
      const [, time] = x.shape;
      let layers = fromState(state, this.maps().length);
      const outputs: Tensor3D[] = [];
      for (let from = 0; from < time;) {
        const before = (layers[0] as FastLayer).inputs.shape[2];
        const count = Math.min(this.miniBatchSize - before, time - from);
        const read = this.#read(slice(x, [0, from, 0], [-1, count, -1]), layers, before);
        layers = read.layers;
        outputs.push(read.output);
        from += count;
      }
      const mixed = this.postNorm.forward(
        outputs.length === 1 ? (outputs[0] as Tensor3D) : concat(outputs, 1),
      );
      const gated =
        this.gProj === null
          ? mixed
          : mul<Tensor3D>(gelu(this.gProj.forward(x), { approximate: "tanh" }), mixed);
      return {
        output: this.oProj.forward(gated),
        state: toState(layers.map((layer) => mapLayer(layer, clone))),
      };
    });
  }

  #checkStep(x: Tensor3D, state: TttState): void {
    const caller = `${this.constructor.name}(${this.dModel})`;
    checkSequence(caller, x, this.dModel);
    const [batch] = x.shape;
    const maps = this.maps();
    checkRecord(caller, "the state", state, namesOf(maps.length));
    const read = state["inputs0"]?.shape[2] ?? 0;
    if (read >= this.miniBatchSize)
      throw new ShapeError(
        `${caller}: the state has ${read} tokens of an unfinished mini-batch, expected fewer than ${this.miniBatchSize}. Start with initialState(batch).`,
      );
    for (const [i, [weight]] of maps.entries()) {
      const [heads, from, to] = weight.shape;
      const shapes = { weight: [from, to], bias: [1, to], inputs: [read, from], errors: [read, to] };
      for (const field of fields)
        checkShape(caller, `${field}${i} of the state`, state[`${field}${i}`] as Tensor4D, [
          batch,
          heads,
          ...shapes[field],
        ]);
    }
  }

  /** Tokens of one mini-batch, the first of which is the one at `before`. */
  #read(x: Tensor3D, given: readonly FastLayer[], before: number) {
    const { numHeads, ropeTheta: base, miniBatchSize } = this;
    const [, count] = x.shape;
    const heads = (layer: Linear) => splitHeads(layer.forward(x), numHeads); //            [batch, head, token, feature]
    const turned = (layer: Linear) => rotary(heads(layer), { base, offset: before, interleaved: true });
    const scales = this.#scales();
    const norm = {
      weight: reshape<Rank.R4>(this.tttNormWeight, [1, numHeads, 1, -1]),
      bias: reshape<Rank.R4>(this.tttNormBias, [1, numHeads, 1, -1]),
    };
    const { output, layers } = readTokens(given, norm, {
      queries: turned(this.qProj),
      keys: turned(this.kProj),
      values: heads(this.vProj),
      rates: this.#rates(x),
      scales: slice(scales, [before], [count]),
    });
    const isWhole = before + count === miniBatchSize;
    return {
      output: mergeHeads(output), // [batch, token, feature]
      layers: isWhole ? takeStep(layers, slice(scales, [miniBatchSize - 1], [1])) : layers,
    };
  }

  /** The learning rate of each token and head, `[batch, head, token, 1]`. */
  #rates(x: Tensor3D): Tensor4D {
    const [batch, time, width] = x.shape;
    const products = mul(
      reshape(x, [batch, 1, time, width]),
      reshape(this.learnableTttLrWeight, [1, this.numHeads, 1, width]),
    );
    const gate = sigmoid(
      add(sum(products, -1, true), reshape(this.learnableTttLrBias, [1, this.numHeads, 1, 1])),
    );
    return mul<Tensor4D>(gate, (this.baseLr * this.numHeads) / this.dModel);
  }

  /** What the sum of gradients is multiplied with at each token of a mini-batch: about its mean, `[token]`. */
  #scales(): Tensor1D {
    return relu(add<Tensor1D>(div(1, range(1, this.miniBatchSize + 1)), this.learnableTokenIdx));
  }
}

/** One draw for each head, as a loop over heads draws. */
function perHead(of: ReturnType<typeof init.normal>): typeof of {
  return (shape, rng) => {
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    const [heads = 1, ...rest] = shape;
    for (let head = 0; head < heads; head++) data.set(of(rest, rng).data, (head * data.length) / heads);
    return { data, shape };
  };
}

const fields = ["weight", "bias", "inputs", "errors"] as const;

const namesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => fields.map((field) => `${field}${i}`)).flat();

function toState(layers: readonly FastLayer[]): TttState {
  return Object.fromEntries(
    layers.flatMap((layer, i) => fields.map((field) => [`${field}${i}`, layer[field]])),
  );
}

function fromState(state: TttState, count: number): FastLayer[] {
  return Array.from({ length: count }, (_, i) =>
    mapLayer({} as FastLayer, (_tensor, field) => state[`${field}${i}`] as Tensor4D),
  );
}

function mapLayer(
  layer: FastLayer,
  f: (tensor: Tensor4D, field: (typeof fields)[number]) => Tensor4D,
): FastLayer {
  return Object.fromEntries(fields.map((field) => [field, f(layer[field], field)])) as unknown as FastLayer;
}
