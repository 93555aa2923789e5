import {
  checkArguments,
  checkRecord,
  discardUpdates,
  type Layer,
  type Module,
  noGrad,
  type Optimizer,
  training,
  trainStep,
} from "@pellucid/core-train";
import { add, type Scalar, type Tensor } from "@tensorflow/tfjs-core";
import { type GanLoss, nonSaturatingGan } from "./gan-losses.ts";

/** The two networks of a generative adversarial network. */
export interface Adversaries<Latent, X extends Tensor> {
  /** From noise, and whatever else describes an example, to examples. */
  readonly generator: Module & Layer<Latent, X>;
  /** From examples to logits, one each, or a map of them. */
  readonly discriminator: Module & Layer<X, Tensor>;
}

/** Options for {@link discriminatorStep}. */
export interface DiscriminatorStepOptions<X extends Tensor> {
  /** Default: {@link nonSaturatingGan}. */
  readonly loss?: GanLoss;
  /** What is added to the loss, such as {@link gradientPenalty} or {@link r1Penalty}. */
  readonly penalty?: (discriminator: Layer<X, Tensor>, real: X, fake: X) => Scalar;
}

/**
 * One step of the discriminator, which learns to distinguish real examples from generated ones. The generator runs in training mode, but nothing of it
 * changes. Real and generated examples are separate batches, also for batch norm.
 *
 * @param optimizer of the discriminator's parameters
 * @param real `[batch, …]`
 * @param latent what the generator makes as many examples of
 * @returns the loss before the update
 * @throws {StructError} For networks that are not modules.
 */
export function discriminatorStep<Latent, X extends Tensor>(
  networks: Adversaries<Latent, X>,
  optimizer: Optimizer,
  real: X,
  latent: Latent,
  options: DiscriminatorStepOptions<X> = {},
): Promise<number> {
  checkRecord("discriminatorStep", "networks", networks, ["generator", "discriminator"]);
  const { generator, discriminator } = networks;
  checkArguments("discriminatorStep", { module: { generator, discriminator }, record: { options } });
  const { loss = nonSaturatingGan, penalty } = options;
  return trainStep(discriminator, optimizer, () => {
    const fake = noGrad(() => discardUpdates(() => training(generator, () => generator.forward(latent))));
    const judged = loss.discriminator(discriminator.forward(real), discriminator.forward(fake));
    return penalty === undefined ? judged : add(judged, penalty(discriminator, real, fake));
  });
}
