import { mseLoss, type Optimizer, trainStep } from "@pellucid/core-train";
import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import type { Critic } from "./td3.ts";

/** One step of each critic towards the targets, `[batch]`: `critic1`, `critic2`, … */
export function criticLosses(
  critics: readonly Critic[],
  optimizers: readonly Optimizer[],
  {
    observations,
    actions,
    targets,
  }: { readonly observations: Tensor2D; readonly actions: Tensor2D; readonly targets: Tensor1D },
): Record<string, Promise<number>> {
  return Object.fromEntries(
    critics.map((critic, i) => [
      `critic${i + 1}`,
      trainStep(critic, optimizers[i] as Optimizer, () =>
        mseLoss(critic.forward({ observations, actions }), targets),
      ),
    ]),
  );
}
