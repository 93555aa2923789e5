import { checkChoice, checkOptions, horizontalFlipImage, verticalFlipImage } from "@pellucid/core-train";
import { moveScene } from "./move-scene.ts";
import { checkScene, type Scene } from "./scene.ts";

/** Options for {@link flipScene}. */
export interface FlipSceneOptions {
  /** Default: `"horizontal"`. */
  readonly direction?: "horizontal" | "vertical";
  /** Whether points are indices of pixels, from 0 to the size minus 1, as in torchvision, or positions on the image, from 0 to its size, as edges of boxes. Default: `"pixel"`. */
  readonly points?: "pixel" | "edge";
}

/**
 * A scene in a mirror, torchvision's `horizontal_flip` and `vertical_flip`.
 *
 * @throws {StructError} for what is not a scene
 * @throws {OptionError} for a wrong option
 */
export function flipScene(scene: Scene, options: FlipSceneOptions = {}): Scene {
  checkOptions("flipScene", options, ["direction", "points"]);
  const { direction = "horizontal", points = "pixel" } = options;
  checkScene("flipScene", scene);
  checkChoice("flipScene", "direction", direction, ["horizontal", "vertical"]);
  checkChoice("flipScene", "points", points, ["pixel", "edge"]);
  const [height, width] = scene.image.shape;
  const last = points === "pixel" ? 1 : 0;
  if (direction === "horizontal")
    return moveScene(scene, {
      image: horizontalFlipImage,
      corner: (x, y) => [width - x, y],
      point: (x, y) => [width - last - x, y],
    });
  return moveScene(scene, {
    image: verticalFlipImage,
    corner: (x, y) => [x, height - y],
    point: (x, y) => [x, height - last - y],
  });
}
