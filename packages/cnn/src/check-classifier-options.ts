import { checkProbabilities, checkRng, checkSizes } from "@pellucid/core-train";
import type { ImageClassifierOptions } from "./image-classifier.ts";

/** @throws {OptionError} If options of a classifier are invalid, before it creates a parameter. */
export function checkClassifierOptions(
  caller: string,
  options: ImageClassifierOptions & { readonly dropout?: number },
): void {
  checkRng(caller, options);
  const { numClasses = 1000, inChannels = 3, dropout = 0 } = options;
  checkSizes(caller, { numClasses, inChannels });
  checkProbabilities(caller, { dropout });
}
