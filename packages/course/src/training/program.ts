import {
  adam,
  crossEntropy,
  Linear,
  Module,
  Optimizer,
  relu,
  Rng,
  sgd,
  softmax,
  tanh,
  trainable,
  valueAndGradients,
} from "@pellucid/core-train";
import { moons, spirals } from "@pellucid/datasets";
import { type Flow, gradientFlow } from "@pellucid/interpret";
import {
  dispose,
  tensor1d,
  type Tensor1D,
  tensor2d,
  type Tensor2D,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";

/** Data, network and optimizer of a run. */
export interface Setup {
  readonly data: "moons" | "spirals";
  readonly activation: "tanh" | "relu" | "none";
  readonly optimizer: "sgd" | "adam";
  readonly learningRate: number;
  /** Whether all weights begin at 0. */
  readonly zeroInit: boolean;
  readonly seed: number;
}

/** Points of two classes, `[point, 2]`. */
export interface Points {
  readonly x: Float32Array;
  readonly y: Int32Array;
}

/** 200 points to train on, 200 to test on. */
export function pointsOf({ data, seed }: Setup): { readonly train: Points; readonly test: Points } {
  const rng = new Rng(seed);
  const made =
    data === "moons"
      ? moons({ rng, train: 200, test: 200, noise: 0.12 })
      : spirals({ rng, train: 200, test: 200, turns: 1 });
  const part = ({ features, targets }: typeof made.train): Points => ({ x: features.data, y: targets.data });
  return { train: part(made.train), test: part(made.test) };
}

/** Two hidden layers of 16 units. */
export class Classifier extends Module {
  readonly first: Linear;
  readonly second: Linear;
  readonly last: Linear;
  readonly activation: Setup["activation"];

  constructor({ activation, seed, zeroInit }: Setup) {
    super();
    const rng = new Rng(seed + 1);
    this.activation = activation;
    this.first = new Linear(2, 16, { rng });
    this.second = new Linear(16, 16, { rng });
    this.last = new Linear(16, 2, { rng });
    if (zeroInit)
      for (const weight of Object.values(trainable(this))) tidy(() => weight.assign(zerosLike(weight)));
  }

  /** @param x `[point, 2]` */
  forward(x: Tensor2D): Tensor2D {
    const bent = (h: Tensor2D): Tensor2D =>
      this.activation === "tanh" ? tanh(h) : this.activation === "relu" ? relu(h) : h;
    return tidy(() => this.last.forward(bent(this.second.forward(bent(this.first.forward(x))))));
  }
}

/** What is true after a step. */
export interface Measured {
  readonly loss: number;
  readonly flow: readonly Flow[];
}

/** A network, its data and its optimizer; `step` trains on all points once. */
export class Run {
  readonly net: Classifier;
  readonly #optimizer: Pick<Optimizer, "step" | "dispose">;
  readonly #x: Tensor2D;
  readonly #y: Tensor1D;

  /** `labels` are those to learn: the points' own, or others, for a control. */
  constructor(setup: Setup, { x, y }: Points, labels: Int32Array = y) {
    this.net = new Classifier(setup);
    const { learningRate } = setup;
    const parameters = trainable(this.net);
    this.#optimizer =
      setup.optimizer === "adam"
        ? new Optimizer(adam({ learningRate }), parameters)
        : new Optimizer(sgd({ learningRate }), parameters);
    this.#x = tensor2d(x, [y.length, 2]);
    this.#y = tensor1d(labels, "int32");
  }

  /** Some steps; of the last one the loss and how every layer's gradient flows. */
  async step(many: number): Promise<Measured> {
    for (let i = 1; i < many; i++) {
      const skipped = this.#once();
      dispose([skipped.value, ...Object.values(skipped.gradients)]);
    }
    const { value, gradients } = this.#once();
    const [loss = Number.NaN] = await value.data();
    const flow = await gradientFlow(trainable(this.net), gradients);
    dispose([value, ...Object.values(gradients)]);
    return { loss, flow };
  }

  /** The probability of class 1 at each point. */
  async probabilities(x: Float32Array): Promise<Float32Array> {
    const p = tidy(() => softmax(this.net.forward(tensor2d(x, [x.length / 2, 2])))); // [point, 2]
    const values = await p.data();
    p.dispose();
    return Float32Array.from({ length: x.length / 2 }, (_, i) => values[2 * i + 1] ?? 0);
  }

  /** The share of points that are classified right. */
  async accuracy({ x, y }: Points): Promise<number> {
    const p = await this.probabilities(x);
    return p.filter((v, i) => (v > 0.5 ? 1 : 0) === y[i]).length / y.length;
  }

  /** Frees everything. */
  dispose(): void {
    this.#optimizer.dispose();
    this.net.dispose();
    dispose([this.#x, this.#y]);
  }

  #once(): ReturnType<typeof valueAndGradients> {
    const found = valueAndGradients(trainable(this.net), () =>
      crossEntropy(this.net.forward(this.#x), this.#y),
    );
    this.#optimizer.step(found.gradients);
    return found;
  }
}
