import { Conv2d, Linear, type Module, moduleAt, replaceModule, type Rng } from "@pellucid/core-train";
import type { ImageClassifier } from "./image-classifier.ts";

/**
 * Replaces the head of a classifier by a new, untrained one for `numClasses`, and disposes of the old head: the first step of transfer
 * learning, as timm's `reset_classifier`.
 */
export function resetClassifier(
  model: Module & ImageClassifier,
  numClasses: number,
  { rng }: { readonly rng: Rng },
): void {
  const old = moduleAt(model, model.head);
  if (old instanceof Linear)
    replaceModule(model, model.head, new Linear(old.inFeatures, numClasses, { rng }));
  else if (old instanceof Conv2d)
    replaceModule(model, model.head, new Conv2d(old.inChannels, numClasses, 1, { rng }));
  else
    throw new TypeError(
      `resetClassifier: the head "${model.head}" is a ${old.constructor.name}, expected Linear or Conv2d.`,
    );
}
