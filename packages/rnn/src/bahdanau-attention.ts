import {
  Linear,
  Module,
  type Rng,
  type HasTorchLayout,
  type TorchLayout,
  checkRng,
} from "@pellucid/core-train";
import { add, expandDims, reshape, tanh, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { attend, type Attended, type Memory, type SourceAttention } from "./attend.ts";

/**
 * Additive attention: `score = v · tanh(W query + U memory)`, with the names of PyTorch's tutorial, `Wa`, `Ua` and `Va`.
 *
 * Bahdanau, Cho and Bengio, 2015. Neural machine translation by jointly learning to align and translate. https://arxiv.org/abs/1409.0473
 */
export class BahdanauAttention extends Module implements SourceAttention, HasTorchLayout {
  readonly wa: Linear;
  readonly ua: Linear;
  readonly va: Linear;

  constructor(hiddenSize: number, options: { readonly rng: Rng }) {
    super();
    checkRng("BahdanauAttention", options);
    const { rng } = options;
    this.wa = new Linear(hiddenSize, hiddenSize, { rng });
    this.ua = new Linear(hiddenSize, hiddenSize, { rng });
    this.va = new Linear(hiddenSize, 1, { rng });
  }

  get torchLayout(): TorchLayout {
    return { wa: { name: "Wa" }, ua: { name: "Ua" }, va: { name: "Va" } };
  }

  /** @param query `[batch, hidden]` */
  forward(query: Tensor2D, source: Memory): Attended {
    const [batch, time] = source.memory.shape;
    return tidy(() => {
      const sum = add(expandDims(this.wa.forward(query), 1), this.ua.forward(source.memory)); // [batch, source, hidden]
      return attend(reshape(this.va.forward(tanh(sum)), [batch, time]), source);
    });
  }
}
