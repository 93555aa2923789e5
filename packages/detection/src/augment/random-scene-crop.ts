import { ShapeError } from "@pellucid/core-train";
import { cropScene } from "./crop-scene.ts";
import { sanitizeScene, type SanitizeSceneOptions } from "./sanitize-scene.ts";
import type { SceneAugmentation } from "./scene.ts";
import { heightAndWidth } from "./height-and-width.ts";

/** Takes a rectangle of a size from anywhere in the scene, torchvision's `RandomCrop`, and leaves out the objects of which too little is in it. */
export function randomSceneCrop(
  size: readonly [height: number, width: number],
  options: SanitizeSceneOptions = {},
): SceneAugmentation {
  const [height, width] = heightAndWidth("randomSceneCrop", size);
  return (scene, rng) => {
    const [rows, columns] = scene.image.shape;
    if (height > rows || width > columns)
      throw new ShapeError(
        `randomSceneCrop: image is [${scene.image.shape.join(", ")}], expected at least [${height}, ${width}]. Pad it first.`,
      );
    const draw = (spare: number) => (spare > 0 ? (rng.randint(0, spare + 1, [1]).data[0] ?? NaN) : 0);
    const [top, left] = [draw(rows - height), draw(columns - width)];
    return sanitizeScene(cropScene(scene, { top, left, height, width }), options);
  };
}
