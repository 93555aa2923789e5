import type { Tensor2D } from "@tensorflow/tfjs-core";

/** A trained model of text. */
export interface Reader<Net> {
  readonly net: Net;
  /** The tokens of a text, as they are shown and as numbers. */
  readonly encode: (text: string) => { readonly texts: readonly string[]; readonly ids: Int32Array };
  /** Its prediction for a text, in a sentence. */
  readonly says: (tokens: Tensor2D) => Promise<string>;
}
