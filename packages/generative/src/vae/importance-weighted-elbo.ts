import {
  binaryCrossEntropyWithLogits,
  checkRecord,
  checkRng,
  checkShape,
  checkSizes,
  type Gaussian,
  logSumExp,
  reparameterize,
  type Rng,
} from "@pellucid/core-train";
import { mean, neg, reshape, type Scalar, sub, sum, type Tensor, tidy, tile } from "@tensorflow/tfjs-core";
import { gaussianLogProb } from "./gaussian-log-prob.ts";

/** What an importance-weighted bound needs of a model, as {@link Vae} has it. */
export interface EncoderDecoder {
  encode(x: Tensor): Gaussian;
  decode(code: Tensor): Tensor;
}

/** Options for {@link importanceWeightedElbo}. */
export interface ImportanceWeightedElboOptions {
  /** Random generator of the codes. */
  readonly rng: Rng;
  /** How many codes are drawn for each example. Default: 5. */
  readonly samples?: number;
}

/**
 * The negative importance-weighted bound of an autoencoder, the mean over the batch: `−log 1/k Σ_i p(x, z_i) / q(z_i | x)` with `k`
 * codes. One code gives the evidence lower bound; the more, the closer it is to `−log p(x)`.
 *
 * Burda, Grosse and Salakhutdinov, 2015, eq. 8. https://arxiv.org/abs/1509.00519. The codes are drawn as `torch.randn(samples, batch, latent)`.
 *
 * @param x `[batch, feature]`, 0 to 1
 * @throws {StructError} For a model without `encode` and `decode`, or what is not a tensor.
 * @throws {OptionError} Without a random generator, or with fewer than one code.
 */
export function importanceWeightedElbo(
  model: EncoderDecoder,
  x: Tensor,
  options: ImportanceWeightedElboOptions,
): Scalar {
  checkRecord("importanceWeightedElbo", "model", model, ["encode", "decode"]);
  checkRng("importanceWeightedElbo", options);
  const { rng, samples = 5 } = options;
  checkSizes("importanceWeightedElbo", { samples });
  checkShape("importanceWeightedElbo", "x", x, ["batch", "feature"]);
  const [batch = 0] = x.shape;
  return tidy(() => {
    const { mean: center, logVariance } = model.encode(x);
    const posterior = { mean: tile(center, [samples, 1]), logVariance: tile(logVariance, [samples, 1]) };
    const code = reparameterize(posterior, { rng }); //                             [samples · batch, latent]
    const target = tile(x, [samples, 1]); //                                        [samples · batch, feature]
    const surprise = binaryCrossEntropyWithLogits(model.decode(code), target, { reduction: "none" });
    const joint = sub(sum(gaussianLogProb(code), 1), sum(surprise, 1)); //          [samples · batch]
    const weights = sub(joint, sum(gaussianLogProb(code, posterior), 1)); //        [samples · batch]
    const average = sub(logSumExp(reshape(weights, [samples, batch]), 0), Math.log(samples)); // [batch]
    return neg(mean(average)) as Scalar;
  });
}
