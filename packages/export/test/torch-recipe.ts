// How the models of `torch-rows.ts` are trained on both sides.
import type { Module } from "@pellucid/core-train";
import type { TrainRecipe } from "@pellucid/export";

/** The recipe of a row: AdamW, a cosine, clipped gradients. */
export const recipeOf = (train: Partial<TrainRecipe> & Pick<TrainRecipe, "data" | "loss">): TrainRecipe => ({
  optimizer: { name: "adamw", learningRate: 1e-2, weightDecay: 0.01 },
  schedule: { name: "cosineAnnealingLr", tMax: 50 },
  clipGradNorm: 1,
  batchSize: 8,
  steps: 50,
  seed: 3,
  ...train,
});

/** The batch norm whose statistics are those of each process on CPUs; `null` if there is none. */
export const batchStatistics = (model: Module): string | null => pathOf(model, /^BatchNorm/, () => true);

/** The dropout whose masks each process draws; `null` if there is none. */
export const drawsMasks = (model: Module): string | null =>
  pathOf(model, /^Dropout/, (module) => (module as { readonly p?: number }).p !== 0);

function pathOf(model: Module, type: RegExp, counts: (module: Module) => boolean): string | null {
  for (const [path, module] of model.namedModules())
    if (type.test(module.constructor.name) && counts(module)) return `${module.constructor.name} at ${path}`;
  return null;
}
