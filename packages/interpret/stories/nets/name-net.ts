import { Embedding, type Layer, Linear, Module, type Rng } from "@pellucid/core-train";
import { LSTM } from "@pellucid/rnn";
import { reshape, slice, Tensor, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";

/** The countries that it tells, in the order of its logits. */
export const countries = [
  "Arabic",
  "Chinese",
  "Czech",
  "Dutch",
  "English",
  "French",
  "German",
  "Greek",
  "Irish",
  "Italian",
  "Japanese",
  "Korean",
  "Polish",
  "Portuguese",
  "Russian",
  "Scottish",
  "Spanish",
  "Vietnamese",
] as const;

/** Names in ASCII, `[batch, letter]`, and how many letters each has. */
export interface PaddedNames {
  readonly codes: Tensor2D;
  readonly lengths?: readonly number[];
}

/** An LSTM that reads a family name once, from its first letter to its last, and tells its country from where it arrives. */
export class NameNet extends Module implements Layer<Tensor2D | PaddedNames, Tensor2D> {
  readonly embedding: Embedding;
  readonly lstm: LSTM;
  readonly head: Linear;

  constructor({ rng }: { readonly rng: Rng }) {
    super();
    this.embedding = new Embedding(128, 32, { rng });
    this.lstm = new LSTM(32, 64, { rng });
    this.head = new Linear(64, countries.length, { rng });
  }

  /** @returns logits, `[batch, country]` */
  forward(names: Tensor2D | PaddedNames): Tensor2D {
    const { codes, lengths }: PaddedNames = names instanceof Tensor ? { codes: names } : names;
    return tidy(() => {
      const letters: Tensor3D = this.embedding.forward(codes);
      const [batch] = codes.shape;
      const { h } = this.lstm.step(letters, undefined, lengths === undefined ? {} : { lengths }).state; // [1, batch, hidden]
      return this.head.forward(reshape(h, [batch, this.lstm.hiddenSize]));
    });
  }

  /** What it would say after each letter, `[letter, country]` of one name. */
  readAlong(codes: Tensor2D): Tensor2D {
    return tidy(() => {
      const states = this.lstm.forward(this.embedding.forward(codes)); // [1, letter, hidden]
      const [, letters, hidden] = states.shape;
      return this.head.forward(reshape(slice(states, [0, 0, 0], [1, letters, hidden]), [letters, hidden]));
    });
  }
}
