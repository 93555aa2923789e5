import { crossEntropy, Rng } from "@pellucid/core-train";
import {
  BahdanauDecoder,
  EncoderRNN,
  LuongConcatAttention,
  LuongDecoder,
  LuongDotAttention,
  LuongGeneralAttention,
  Seq2Seq,
} from "@pellucid/rnn";
import { fixture } from "@pellucid/testing";
import { reshape, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";

interface Case {
  readonly seed: number;
  readonly layers: number;
  readonly logits: number[];
  readonly attention: number[];
  readonly gradients: Record<string, number[]>;
  readonly losses: number[];
}
const attentions = { dot: LuongDotAttention, general: LuongGeneralAttention, concat: LuongConcatAttention };
export type Kind = "bahdanau" | keyof typeof attentions;
/** PyTorch's numbers for each kind of attention. */
export const { cases } = fixture<{ cases: Record<Kind, Case> }>(
  import.meta.url,
  "../fixtures/torch/seq2seq.json",
);

export function make(kind: Kind, { dropout = 0 } = {}) {
  const { seed, layers: numLayers } = cases[kind];
  const options = { rng: new Rng(seed), numLayers, dropout };
  const encoder = new EncoderRNN(7, 4, options);
  const decoder =
    kind === "bahdanau"
      ? new BahdanauDecoder(4, 6, options)
      : new LuongDecoder(4, 6, { ...options, attention: attentions[kind] });
  return new Seq2Seq<BahdanauDecoder | LuongDecoder>(encoder, decoder, { startToken: 0 });
}

export const source = (): Tensor2D =>
  tensor2d(
    [
      [1, 5, 2, 6, 3],
      [4, 2, 0, 0, 0],
      [3, 3, 1, 6, 0],
    ],
    [3, 5],
    "int32",
  );
export const target = (): Tensor2D =>
  tensor2d(
    [
      [2, 4, 1],
      [5, 1, 3],
      [3, 3, 1],
    ],
    [3, 3],
    "int32",
  );
export const lengths = [5, 2, 4];
export const lossOf = (model: Seq2Seq, x: Tensor2D, y: Tensor2D) =>
  crossEntropy(reshape(model.forward({ source: x, target: y, lengths }).logits, [9, 6]), reshape(y, [9]));
