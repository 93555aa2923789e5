import {
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  dropout,
  isTraining,
  type Layer,
  Linear,
  Module,
  OptionError,
  relu,
  type Rng,
} from "@pellucid/core-train";
import { clone, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { redraw } from "../redraw.ts";
import { checkNorm, type NodeNorm, type NormName, normOf } from "./norm-of.ts";

/** A function of each feature. */
export type Activation = (x: Tensor2D) => Tensor2D;

/** Options for {@link MLP}. */
export interface MLPOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** Which part is dropped in training after each hidden layer. Default: 0. */
  readonly dropout?: number;
  /** Default: ReLU; null for none. */
  readonly act?: Activation | null;
  /** Whether the activation comes before the norm. Default: false. */
  readonly actFirst?: boolean;
  /** Default: `"batch_norm"`; null for none. */
  readonly norm?: NormName | null;
  /** Whether the last layer has no norm, activation and dropout. Default: true. */
  readonly plainLast?: boolean;
  /** Whether layers have biases. Default: true. */
  readonly bias?: boolean;
}

/** Linear layers with norms, activations and dropout between them. */
export class MLP extends Module implements Layer<Tensor2D, Tensor2D> {
  readonly dropout: number;
  readonly act: Activation | null;
  readonly actFirst: boolean;
  readonly rng: Rng;
  readonly lins: readonly Linear[];
  readonly norms: readonly NodeNorm[];

  /** @param channels the features of the input, of each hidden layer and of the output */
  constructor(channels: readonly number[], options: MLPOptions) {
    super();
    checkRng("MLP", options);
    checkOptions("MLP", options, ["rng", "dropout", "act", "actFirst", "norm", "plainLast", "bias"]);
    const {
      rng,
      dropout: p = 0,
      act = relu,
      actFirst = false,
      norm = "batch_norm",
      plainLast = true,
      bias = true,
    } = options;
    if (!Array.isArray(channels) || channels.length < 2)
      throw new OptionError(
        "MLP",
        "channels",
        Array.isArray(channels) ? `[${channels.join(", ")}]` : typeof channels,
        "two sizes or more",
      );
    checkSizes("MLP", Object.fromEntries(channels.map((size, i) => [`channels[${i}]`, size])));
    checkProbabilities("MLP", { dropout: p });
    checkNorm("MLP", norm);
    this.dropout = p;
    this.act = act;
    this.actFirst = actFirst;
    this.rng = rng;
    this.lins = channels.slice(1).map((size, i) => new Linear(channels[i] as number, size, { rng, bias }));
    this.norms = (plainLast ? channels.slice(1, -1) : channels.slice(1)).map((size) =>
      normOf("MLP", norm, size),
    );
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    for (const lin of this.lins) redraw(lin, rng);
  }

  /** @returns `[node, out]` */
  forward(x: Tensor2D): Tensor2D {
    const { lins, norms, act, actFirst, rng } = this;
    return tidy(() => {
      let h = clone(x);
      for (const [i, norm] of norms.entries()) {
        h = (lins[i] as Linear).forward(h);
        if (act !== null && actFirst) h = act(h);
        h = norm.forward({ x: h });
        if (act !== null && !actFirst) h = act(h);
        if (isTraining(this)) h = dropout(h, this.dropout, { rng });
      }
      return norms.length < lins.length ? (lins.at(-1) as Linear).forward(h) : h;
    });
  }
}
