import { mseLoss, relu, softplus } from "@pellucid/core-train";
import {
  add,
  mean,
  mul,
  neg,
  onesLike,
  type Scalar,
  sub,
  type Tensor,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";

/** What the two networks of a generative adversarial network minimize, of the discriminator's logits. */
export interface GanLoss {
  /** What the discriminator minimizes. */
  readonly discriminator: (real: Tensor, fake: Tensor) => Scalar;
  /** What the generator minimizes. */
  readonly generator: (fake: Tensor) => Scalar;
}

const scalar = (body: () => Tensor): Scalar => tidy(body) as Scalar;
const discriminator = (real: Tensor, fake: Tensor): Scalar =>
  scalar(() => add(mean(softplus(neg(real))), mean(softplus(fake))));

/**
 * The minimax game: the discriminator maximizes `E log D(x) + E log(1 − D(G(z)))`, and the generator minimizes it, by its second term. Where
 * the discriminator is sure of a fake, the generator gets hardly any gradient. `D` is the sigmoid of the logits; computed from logits, it neither
 * overflows nor takes the logarithm of 0. Goodfellow et al., 2014, eq. 1. https://arxiv.org/abs/1406.2661
 */
export const minimaxGan: GanLoss = {
  discriminator,
  generator: (fake) => scalar(() => neg(mean(softplus(fake)))),
};

/**
 * As {@link minimaxGan}, but the generator maximizes `E log D(G(z))`, as with labels of 1: the same fixed point, and a gradient where it is
 * needed. Goodfellow et al., 2014, section 3. https://arxiv.org/abs/1406.2661
 */
export const nonSaturatingGan: GanLoss = {
  discriminator,
  generator: (fake) => scalar(() => mean(softplus(neg(fake)))),
};

/**
 * Squared distances to the labels 1 and 0, each halved. Mao et al., 2016, eq. 9. https://arxiv.org/abs/1611.04076. Many codes, such as
 * CycleGAN's generator, do not halve: there multiply by 2.
 */
export const leastSquaresGan: GanLoss = {
  discriminator: (real, fake) =>
    scalar(() => mul(0.5, add(mseLoss(real, onesLike(real)), mseLoss(fake, zerosLike(fake))))),
  generator: (fake) => scalar(() => mul(0.5, mseLoss(fake, onesLike(fake)))),
};

/**
 * The difference of means, of a critic that must not change fast: clip its weights with {@link clipWeights}, or add
 * {@link gradientPenalty}. Arjovsky, Chintala and Bottou, 2017. https://arxiv.org/abs/1701.07875
 */
export const wassersteinGan: GanLoss = {
  discriminator: (real, fake) => scalar(() => sub(mean(fake), mean(real))),
  generator: (fake) => scalar(() => neg(mean(fake))),
};

/** Logits beyond a margin of 1 do not count. Lim and Ye, 2017. https://arxiv.org/abs/1705.02894; with spectral norm: Miyato et al., 2018. */
export const hingeGan: GanLoss = {
  discriminator: (real, fake) => scalar(() => add(mean(relu(sub(1, real))), mean(relu(add(1, fake))))),
  generator: (fake) => scalar(() => neg(mean(fake))),
};
