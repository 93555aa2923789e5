import {
  checkFinite,
  checkNotNegative,
  checkOptions,
  checkPositive,
  checkProbabilities,
  type Interval,
  OptionError,
  type Rng,
  type WarpOptions,
  roundHalfEven,
} from "@pellucid/core-train";
import { affineScene } from "./affine-scene.ts";
import { sanitizeScene, type SanitizeSceneOptions } from "./sanitize-scene.ts";
import type { SceneAugmentation } from "./scene.ts";

/** Options for {@link randomSceneAffine}. */
export interface RandomSceneAffineOptions extends WarpOptions, SanitizeSceneOptions {
  /** How far at most, as parts of width and height. Default: not at all. */
  readonly translate?: readonly [x: number, y: number];
  /** From how small to how large. Default: as it is. */
  readonly scale?: Interval;
  /** Degrees along x, at most to both sides. Default: 0. */
  readonly shear?: number;
}

/**
 * Turns, shifts, scales and shears a scene at random, torchvision's `RandomAffine`, and leaves out the objects of which too little is left.
 *
 * @param degrees how far it is turned at most, to both sides
 */
export function randomSceneAffine(
  degrees: number,
  options: RandomSceneAffineOptions = {},
): SceneAugmentation {
  checkOptions("randomSceneAffine", options, [
    "translate",
    "scale",
    "shear",
    "interpolation",
    "fill",
    "minSize",
    "minArea",
  ]);
  const { translate, scale, shear, interpolation = "nearest", fill = 0, ...sanitize } = options;
  checkNotNegative("randomSceneAffine", { degrees });
  if (translate !== undefined) checkProbabilities("randomSceneAffine", { x: translate[0], y: translate[1] });
  if (scale !== undefined) {
    checkPositive("randomSceneAffine", { least: scale[0], most: scale[1] });
    if (scale[0] > scale[1])
      throw new OptionError("randomSceneAffine", "scale", `[${scale.join(", ")}]`, "two rising numbers");
  }
  checkFinite("randomSceneAffine", { shear: shear ?? 0 });
  return (scene, rng) => {
    const [height, width] = scene.image.shape;
    const angle = draw(-degrees, degrees, rng);
    const far = (part: number, size: number) => roundHalfEven(draw(-part * size, part * size, rng));
    const shift = translate === undefined ? 0 : far(translate[0], width);
    const drop = translate === undefined ? 0 : far(translate[1], height);
    const factor = scale === undefined ? 1 : draw(scale[0], scale[1], rng);
    const lean = shear === undefined ? 0 : draw(-shear, shear, rng);
    const moved = affineScene(scene, {
      angle,
      translate: [shift, drop],
      scale: factor,
      shear: [lean, 0],
      interpolation,
      fill,
    });
    return sanitizeScene(moved, sanitize);
  };
}

function draw(low: number, high: number, rng: Rng): number {
  return rng.uniform([1], low, high).data[0] ?? NaN;
}
