import type { Tensor2D } from "@tensorflow/tfjs-core";

/** A trained net that reads text. */
export interface Reader<Net> {
  readonly net: Net;
  /** The tokens of a text, as they are shown and as numbers. */
  readonly encode: (text: string) => { readonly texts: readonly string[]; readonly ids: Int32Array };
  /** What it says of a text, in a sentence. */
  readonly says: (tokens: Tensor2D) => Promise<string>;
}
