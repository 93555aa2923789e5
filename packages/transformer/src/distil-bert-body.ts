import { checkProbabilities, checkRng, checkShape, checkSizes, type TorchLayout } from "@pellucid/core-train";
import { type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import { type SettledBertOptions, settleBertOptions } from "./bert-options.ts";
import { bertMask } from "./bert.ts";
import { DistilBertEmbeddings } from "./distil-bert-embeddings.ts";
import type { DistilBertOptions } from "./distil-bert-for-masked-lm.ts";
import { DistilBertLayer } from "./distil-bert-layer.ts";

/** The encoder of DistilBERT. */
export interface DistilBertBody {
  readonly embeddings: DistilBertEmbeddings;
  readonly transformer: { readonly layer: readonly DistilBertLayer[] };
}

/**
 * The options of BERT's layers for those of DistilBERT.
 *
 * @throws {OptionError} If options are invalid.
 */
export function settleDistilBert(caller: string, options: DistilBertOptions): SettledBertOptions {
  checkRng(caller, options);
  const { rng, dim = 768, nLayers = 6, nHeads = 12, hiddenDim = 3072, dropout = 0.1 } = options;
  const { vocabSize = 30_522, maxPositionEmbeddings = 512 } = options;
  const { attentionDropout = 0.1, padTokenId = 0 } = options;
  checkSizes(caller, { vocabSize, dim, nLayers, nHeads, hiddenDim, maxPositionEmbeddings });
  checkProbabilities(caller, { dropout, attentionDropout });
  return settleBertOptions(caller, {
    rng,
    vocabSize,
    hiddenSize: dim,
    numHiddenLayers: nLayers,
    numAttentionHeads: nHeads,
    intermediateSize: hiddenDim,
    maxPositionEmbeddings,
    hiddenDropoutProb: dropout,
    attentionProbsDropoutProb: attentionDropout,
    padTokenId,
  });
}

/** A new encoder. */
export function distilBertBody(settled: SettledBertOptions): DistilBertBody {
  return {
    embeddings: new DistilBertEmbeddings(settled),
    transformer: {
      layer: Array.from({ length: settled.numHiddenLayers }, () => new DistilBertLayer(settled)),
    },
  };
}

/** The names in files of the encoder alone. */
export function distilBertLayout({ transformer }: DistilBertBody): TorchLayout {
  const own = ["embeddings", ...transformer.layer.map((_, i) => `transformer.layer.${i}`)];
  return Object.fromEntries(own.map((path) => [`distilbert.${path}`, { aliases: [path] }]));
}

/** From tokens, `[batch, time]`, to features, `[batch, time, feature]`. */
export function distilBertFeatures(
  caller: string,
  { embeddings, transformer }: DistilBertBody,
  tokens: Tensor2D,
  attentionMask: Tensor2D | null,
): Tensor3D {
  checkShape(caller, "tokens", tokens, ["batch", "time"]);
  const mask = bertMask(caller, tokens, attentionMask);
  return transformer.layer.reduce((x, layer) => layer.forward(x, mask), embeddings.forward(tokens));
}
