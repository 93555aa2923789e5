import type { Linear, TorchLayout } from "@pellucid/core-train";
import { bertDense } from "./bert-dense.ts";
import { type BertOptions, settleBertOptions } from "./bert-options.ts";
import { Bert } from "./bert.ts";

/** {@link Bert} with the layer that the features of the first token go through before they are classified. */
export class PooledBert extends Bert {
  readonly pooler: { readonly dense: Linear };

  constructor(options: BertOptions) {
    const settled = settleBertOptions("PooledBert", options);
    super(settled);
    const { hiddenSize, rng } = settled;
    this.pooler = { dense: bertDense(hiddenSize, hiddenSize, rng) };
  }

  override get torchLayout(): TorchLayout {
    const fields = Object.entries(super.torchLayout).filter(([name]) => !/^(bert\.)?pooler\./.test(name));
    return Object.fromEntries(fields);
  }
}
