import {
  checkContextLength,
  checkShape,
  type Embedding,
  type KeyValues,
  lastTimeStep,
  type Layer,
  matMul,
  type Parameter,
  type SequenceLayer,
  type Step,
  stepThrough,
} from "@pellucid/core-train";
import { type Rank, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";

/** A block of a language model. */
export type DecoderBlock = Layer<Tensor3D, Tensor3D> & SequenceLayer<Tensor3D, Tensor3D, KeyValues>;

/** The parts of a language model whose blocks know the positions. */
export interface Decoder {
  /** The context length, in tokens. */
  readonly blockSize: number;
  readonly embedding: Embedding;
  readonly blocks: readonly DecoderBlock[];
  readonly norm: Layer<Tensor3D, Tensor3D>;
}

/**
 * The normalized output of the last block, `[batch, time, feature]`.
 *
 * @throws {ContextLengthError} If the text is too long.
 */
export function decoderFeatures(
  caller: string,
  { blockSize, embedding, blocks, norm }: Decoder,
  tokens: Tensor2D,
): Tensor3D {
  checkShape(caller, "tokens", tokens, ["batch", "time"]);
  checkContextLength(caller, tokens.shape[1], blockSize);
  return tidy(() => {
    const first: Tensor3D = embedding.forward(tokens);
    return norm.forward(blocks.reduce((x, block) => block.forward(x), first));
  });
}

/**
 * The next tokens, after those in the state.
 *
 * @param head `[token, feature]`
 * @throws {ContextLengthError} If the text is then too long.
 */
export function decoderStep(
  caller: string,
  { blockSize, embedding, blocks, norm }: Decoder,
  head: Parameter<Rank.R2>,
  next: { readonly tokens: Tensor2D; readonly state: KeyValues[]; readonly lastOnly: boolean },
): Step<Tensor3D, KeyValues[]> {
  const { tokens, state, lastOnly } = next;
  checkShape(caller, "tokens", tokens, ["batch", "time"]);
  checkContextLength(caller, (state[0]?.key.shape[2] ?? 0) + tokens.shape[1], blockSize);
  return tidy(() => {
    const after = stepThrough(blocks, embedding.forward(tokens), state);
    const hidden = lastOnly ? lastTimeStep(after.output) : after.output;
    return { output: matMul(norm.forward(hidden), head, false, true), state: after.state };
  });
}
