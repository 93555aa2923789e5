import {
  checkArguments,
  checkNotNegative,
  checkOptions,
  checkRecord,
  discardUpdates,
  l1Loss,
  type Layer,
  Module,
  mseLoss,
  tidyLeaves,
  training,
} from "@pellucid/core-train";
import {
  add,
  addN,
  clone,
  mul,
  onesLike,
  type Scalar,
  type Tensor,
  type Tensor4D,
} from "@tensorflow/tfjs-core";

type Translator = Module & Layer<Tensor4D, Tensor4D>;
type Judge = Module & Layer<Tensor4D, Tensor>;

/** The two pairs of networks of a {@link CycleGan}. */
export interface CycleGanNetworks {
  /** From images of kind A to images of kind B. */
  readonly toB: Translator;
  readonly toA: Translator;
  /** Logits of whether an image is a real A. */
  readonly judgeA: Judge;
  readonly judgeB: Judge;
}

/** Options for {@link CycleGan.loss}. */
export interface CycleGanLossOptions {
  /** How much it counts that A → B → A returns the image. Default: 10. */
  readonly cycle?: number;
  /** How much it counts that an image that is of the kind already stays as it is. Default: 5, half of `cycle`, as for paintings. */
  readonly identity?: number;
}

/** Two translations, each the inverse of the other, and what the step keeps for the discriminators. */
export interface CycleGanTranslations {
  readonly loss: Scalar;
  /** The translations of the two batches. Free them after the step of the discriminators. */
  readonly fakeB: Tensor4D;
  readonly fakeA: Tensor4D;
}

/**
 * Translates between two kinds of images without pairs: each translation has to deceive a discriminator, and the way back has to return the
 * image. The losses are least squares, without the half of {@link leastSquaresGan}, as in the authors' code.
 *
 * Zhu et al., 2017. https://arxiv.org/abs/1703.10593
 *
 * ```ts
 * const translations = trainStep(cycle, translators, () => cycle.loss(a, b)); //   an optimizer of toA and toB
 * discriminatorStep({ generator: new Identity(), discriminator: cycle.judgeA }, judges, a, pool.exchange(translations.fakeA));
 * ```
 */
export class CycleGan extends Module {
  readonly toB: Translator;
  readonly toA: Translator;
  readonly judgeA: Judge;
  readonly judgeB: Judge;

  /** @throws {StructError} For networks that are not modules. */
  constructor(networks: CycleGanNetworks) {
    super();
    checkRecord("CycleGan", "networks", networks, []);
    const { toB, toA, judgeA, judgeB } = networks;
    checkArguments("CycleGan", { module: { toB, toA, judgeA, judgeB } });
    this.toB = toB;
    this.toA = toA;
    this.judgeA = judgeA;
    this.judgeB = judgeB;
  }

  /**
   * What the two generators minimize. The discriminators count as frozen: give the optimizer the parameters of the generators.
   *
   * @param a `[batch, height, width, channel]`, −1 to 1
   * @param b of any batch
   */
  loss(a: Tensor4D, b: Tensor4D, options: CycleGanLossOptions = {}): CycleGanTranslations {
    checkOptions("CycleGan.loss", options, ["cycle", "identity"]);
    const { cycle = 10, identity = 5 } = options;
    checkNotNegative("CycleGan.loss", { cycle, identity });
    return tidyLeaves(() => {
      const [fakeB, fakeA] = [this.toB.forward(a), this.toA.forward(b)];
      const deceived = add(deceiving(this.judgeB, fakeB), deceiving(this.judgeA, fakeA));
      const back = add(l1Loss(this.toA.forward(fakeB), a), l1Loss(this.toB.forward(fakeA), b));
      const terms = [deceived, mul(cycle, back)];
      if (identity > 0) {
        const same = add(l1Loss(this.toA.forward(a), a), l1Loss(this.toB.forward(b), b));
        terms.push(mul(identity, same));
      }
      return { loss: addN(terms) as Scalar, fakeB: clone(fakeB), fakeA: clone(fakeA) };
    });
  }
}

/** The mean squared distance of a discriminator's logits from 1, while nothing of it changes. */
function deceiving(judge: Judge, fake: Tensor4D): Tensor {
  const logits = discardUpdates(() => training(judge, () => judge.forward(fake)));
  return mseLoss(logits, onesLike(logits));
}
