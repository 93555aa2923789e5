import {
  checkOptions,
  init,
  initialized,
  type Layer,
  Module,
  norm,
  normalizeVectors,
  type Parameter,
  checkShape,
  freeze,
} from "@pellucid/core-train";
import { mul, type Rank, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link MessageNorm}. */
export interface MessageNormOptions {
  /** Whether the scale is learned. Default: false. */
  readonly learnScale?: boolean;
}

/** What {@link MessageNorm} takes. */
export interface MessageNormInput {
  /** Features of nodes: `[node, feature]`. */
  readonly x: Tensor2D;
  /** What they received: `[node, feature]`. */
  readonly message: Tensor2D;
}

/**
 * Gives what a node receives the length of its own features: `s ‖x‖ m / ‖m‖`.
 *
 * Li et al., 2020. DeeperGCN. https://arxiv.org/abs/2006.07739
 */
export class MessageNorm extends Module implements Layer<MessageNormInput, Tensor2D> {
  readonly learnScale: boolean;
  /** `[1]` */
  readonly scale: Parameter<Rank.R1>;

  constructor(options: MessageNormOptions = {}) {
    super();
    checkOptions("MessageNorm", options, ["learnScale"]);
    this.learnScale = options.learnScale ?? false;
    this.scale = initialized<Rank.R1>([1], init.ones());
    if (!this.learnScale) freeze(this);
  }

  /** @returns the shape of `message` */
  forward({ x, message }: MessageNormInput): Tensor2D {
    checkShape("MessageNorm", "x", x, ["node", "feature"]);
    checkShape("MessageNorm", "message", message, [x.shape[0], "feature"]);
    return tidy(() => mul(mul(normalizeVectors(message), norm(x, 2, 1, true)), this.scale) as Tensor2D);
  }
}
