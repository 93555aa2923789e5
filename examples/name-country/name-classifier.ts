import { Embedding, type Layer, Linear, Module, type Rng } from "@pellucid/core-train";
import type { PaddedSequences } from "@pellucid/datasets";
import { GRU, LSTM } from "@pellucid/rnn";
import { concat, reshape, slice, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";

/** Names as codes of characters, `[batch, time]`, and how long each is. */
export interface PaddedNames extends Pick<PaddedSequences, "lengths"> {
  readonly x: Tensor2D;
}

/** Options for a {@link NameClassifier}. */
export interface NameClassifierOptions {
  readonly rng: Rng;
  readonly kind: "gru" | "lstm";
  readonly classes: number;
  readonly characters?: number;
  readonly hiddenSize?: number;
}

/**
 * Reads a name forward and backward in two layers, and tells its country from where both arrive. A padded name ends where it
 * ends, not where the batch does: that is what its length is for.
 */
export class NameClassifier extends Module implements Layer<PaddedNames, Tensor2D> {
  readonly embedding: Embedding;
  readonly gru: GRU | LSTM;
  readonly fc: Linear;

  constructor({ rng, kind, classes, characters = 128, hiddenSize = 100 }: NameClassifierOptions) {
    super();
    const Kind = kind === "gru" ? GRU : LSTM;
    this.embedding = new Embedding(characters, hiddenSize, { rng });
    this.gru = new Kind(hiddenSize, hiddenSize, { rng, numLayers: 2, bidirectional: true });
    this.fc = new Linear(2 * hiddenSize, classes, { rng });
  }

  /** @returns logits, `[batch, class]` */
  forward({ x, lengths }: PaddedNames): Tensor2D {
    return tidy(() => {
      const embedded: Tensor3D = this.embedding.forward(x); // [batch, time, hidden]
      const { h } = this.gru.step(embedded, undefined, { lengths }).state; // [layers · directions, batch, hidden]
      const [directions, batch, hidden] = h.shape;
      const from = (direction: number): Tensor2D =>
        reshape(slice(h, [direction, 0, 0], [1, batch, hidden]), [batch, hidden]);
      return this.fc.forward(concat([from(directions - 1), from(directions - 2)], 1)); // backward, forward
    });
  }
}
