import { type Layer, Module, OptionError, tidyLeaves } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/** An encoder of examples: embeddings `[batch, feature]`. */
export type Encoder<X = Tensor> = Module & Layer<X, Tensor>;

/** Two examples of each row that are compared. */
export interface PairOf<X> {
  readonly first: X;
  readonly second: X;
}

/** An anchor, an example of its class, and one of another. */
export interface TripletOf<X> {
  readonly anchor: X;
  readonly positive: X;
  readonly negative: X;
}

/**
 * One encoder for two inputs: both go through the same weights, so that equal inputs have equal embeddings. It is a single network, of which a Siamese pair has two views.
 *
 * Bromley et al., 1993. Signature verification using a "Siamese" time delay neural network.
 */
export class SiameseNetwork<X = Tensor> extends Module implements Layer<PairOf<X>, PairOf<Tensor>> {
  readonly encoder: Encoder<X>;

  constructor(encoder: Encoder<X>) {
    super();
    checkEncoder("SiameseNetwork", encoder);
    this.encoder = encoder;
  }

  /** @returns the embeddings of both, `[batch, feature]` each */
  forward({ first, second }: PairOf<X>): PairOf<Tensor> {
    return tidyLeaves(() => ({ first: this.encoder.forward(first), second: this.encoder.forward(second) }));
  }
}

/** One encoder for anchors, positives and negatives. Schroff et al., 2015. https://arxiv.org/abs/1503.03832 */
export class TripletNetwork<X = Tensor> extends Module implements Layer<TripletOf<X>, TripletOf<Tensor>> {
  readonly encoder: Encoder<X>;

  constructor(encoder: Encoder<X>) {
    super();
    checkEncoder("TripletNetwork", encoder);
    this.encoder = encoder;
  }

  /** @returns the embeddings of all three, `[batch, feature]` each */
  forward({ anchor, positive, negative }: TripletOf<X>): TripletOf<Tensor> {
    return tidyLeaves(() => ({
      anchor: this.encoder.forward(anchor),
      positive: this.encoder.forward(positive),
      negative: this.encoder.forward(negative),
    }));
  }
}

function checkEncoder(caller: string, encoder: unknown): void {
  if (encoder instanceof Module && "forward" in encoder) return;
  throw new OptionError(caller, "encoder", typeof encoder, "a module that maps inputs to embeddings");
}
