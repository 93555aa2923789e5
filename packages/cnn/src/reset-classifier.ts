import {
  checkArguments,
  checkRng,
  checkSizes,
  Conv2d,
  Linear,
  type Module,
  moduleAt,
  replaceModule,
  type Rng,
} from "@pellucid/core-train";
import type { ImageClassifier } from "./image-classifier.ts";

/**
 * Replaces the head of a classifier by a new, untrained one for `numClasses`, and disposes of the old head: the first step of transfer
 * learning, as timm's `reset_classifier`.
 *
 * @throws {StructError} If the model has no `head`.
 * @throws {OptionError} Without a number of classes or a random generator.
 * @throws {TypeError} If the head is neither `Linear` nor `Conv2d`.
 */
export function resetClassifier(
  model: Module & ImageClassifier,
  numClasses: number,
  options: { readonly rng: Rng },
): void {
  checkArguments("resetClassifier", { "{ namedModules, head }": { model } });
  checkRng("resetClassifier", options);
  checkSizes("resetClassifier", { numClasses });
  const { rng } = options;
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
