import {
  checkNotNegative,
  checkOptions,
  checkProbabilities,
  checkRng,
  checkTensor,
  drawn,
  type Rng,
} from "@pellucid/core-train";
import { add, clone, mul, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link corrupt}. */
export interface CorruptOptions {
  /** Random generator. */
  readonly rng: Rng;
  /** The standard deviation of the noise to add. Default: 0. */
  readonly std?: number;
  /** The probability that a number is replaced by 0, after the noise. Default: 0. */
  readonly maskProbability?: number;
}

/**
 * Corrupts examples: a denoising autoencoder gets `corrupt(x)` and has to return `x`, so it cannot copy.
 * Vincent et al., 2008. Extracting and composing robust features. https://doi.org/10.1145/1390156.1390294
 *
 * ```ts
 * trainStep(model, optimizer, () => mseLoss(model.forward(corrupt(x, { rng, maskProbability: 0.3 })), x));
 * ```
 *
 * Draws as `x + std * torch.randn(x.shape)`, then `torch.empty(x.shape).bernoulli_(1 - maskProbability)` of what is kept.
 *
 * @returns the shape of `x`
 * @throws {StructError} For what is not a tensor.
 * @throws {OptionError} For a wrong option.
 */
export function corrupt<X extends Tensor>(x: X, options: CorruptOptions): X {
  checkTensor("corrupt", "x", x);
  checkRng("corrupt", options);
  checkOptions("corrupt", options, ["rng", "std", "maskProbability"]);
  const { rng, std = 0, maskProbability = 0 } = options;
  checkNotNegative("corrupt", { std });
  checkProbabilities("corrupt", { maskProbability });
  return tidy(() => {
    let y: Tensor = clone(x);
    if (std > 0)
      y = add(
        y,
        mul(
          std,
          drawn(() => rng.randn(x.shape)),
        ),
      );
    if (maskProbability > 0)
      y = mul(
        y,
        drawn(() => rng.bernoulli(1 - maskProbability, x.shape)),
      );
    return y;
  }) as X;
}
