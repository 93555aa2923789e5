import {
  checkArguments,
  checkRecord,
  discardUpdates,
  type Optimizer,
  training,
  trainStep,
} from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Adversaries } from "./discriminator-step.ts";
import { type GanLoss, nonSaturatingGan } from "./gan-losses.ts";

/** Options for {@link generatorStep}. */
export interface GeneratorStepOptions {
  /** Default: {@link nonSaturatingGan}. */
  readonly loss?: GanLoss;
}

/**
 * One step of the generator, through a frozen discriminator that it tries to deceive. The discriminator runs in training mode, but nothing of
 * it changes: neither its parameters nor the running statistics of its batch norm, which PyTorch's tutorial moves a third time here.
 *
 * @param optimizer of the generator's parameters
 * @param latent what the generator makes examples of
 * @returns the loss before the update
 * @throws {StructError} For networks that are not modules.
 */
export function generatorStep<Latent, X extends Tensor>(
  networks: Adversaries<Latent, X>,
  optimizer: Optimizer,
  latent: Latent,
  options: GeneratorStepOptions = {},
): Promise<number> {
  checkRecord("generatorStep", "networks", networks, ["generator", "discriminator"]);
  const { generator, discriminator } = networks;
  checkArguments("generatorStep", { module: { generator, discriminator }, record: { options } });
  const { loss = nonSaturatingGan } = options;
  return trainStep(generator, optimizer, () => {
    const fake = generator.forward(latent);
    const judged = discardUpdates(() => training(discriminator, () => discriminator.forward(fake)));
    return loss.generator(judged);
  });
}
