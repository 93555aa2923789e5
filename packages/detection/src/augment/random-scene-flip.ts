import { checkOptions, checkProbabilities } from "@pellucid/core-train";
import { flipScene, type FlipSceneOptions } from "./flip-scene.ts";
import type { SceneAugmentation } from "./scene.ts";

/** Options for {@link randomSceneFlip}. */
export interface RandomSceneFlipOptions extends FlipSceneOptions {
  /** How often. Default: 0.5. */
  readonly p?: number;
}

/** Mirrors some scenes, torchvision's `RandomHorizontalFlip` and `RandomVerticalFlip`. */
export function randomSceneFlip(options: RandomSceneFlipOptions = {}): SceneAugmentation {
  checkOptions("randomSceneFlip", options, ["p", "direction", "points"]);
  const { p = 0.5, ...flip } = options;
  checkProbabilities("randomSceneFlip", { p });
  return (scene, rng) => ((rng.rand([1]).data[0] ?? NaN) < Math.fround(p) ? flipScene(scene, flip) : scene);
}
