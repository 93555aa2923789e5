import { type Rng } from "@pellucid/core-train";
import { cropScene } from "./crop-scene.ts";
import { joinScenes } from "./join-scenes.ts";
import { padScene } from "./pad-scene.ts";
import { resizeScene } from "./resize-scene.ts";
import { sanitizeScene, type SanitizeSceneOptions } from "./sanitize-scene.ts";
import type { Scene } from "./scene.ts";
import { heightAndWidth } from "./height-and-width.ts";

/**
 * Four scenes around a point at random, of which each shows the corner that is there: more objects in an image, smaller backgrounds, and objects cut at edges.
 * Bochkovskiy et al., 2020, section 3.3. https://arxiv.org/abs/2004.10934
 *
 * @param scenes upper left, upper right, lower left, lower right; each is resized to `size` first
 */
export function mosaic(
  scenes: readonly [Scene, Scene, Scene, Scene],
  size: readonly [height: number, width: number],
  rng: Rng,
  options: SanitizeSceneOptions = {},
): Scene {
  const [height, width] = heightAndWidth("mosaic", size);
  const draw = (side: number) => {
    const quarter = Math.floor(side / 4);
    return quarter + (rng.randint(0, side - 2 * quarter + 1, [1]).data[0] ?? NaN);
  };
  const [middleX, middleY] = [draw(width), draw(height)];
  const parts = scenes.map((scene, i) => {
    const [isRight, isLower] = [i % 2 === 1, i > 1];
    const own = { width: isRight ? width - middleX : middleX, height: isLower ? height - middleY : middleY };
    const corner = { left: isRight ? 0 : width - own.width, top: isLower ? 0 : height - own.height };
    const [left, top] = [isRight ? middleX : 0, isLower ? middleY : 0];
    const padding = { left, top, right: width - left - own.width, bottom: height - top - own.height };
    return padScene(cropScene(resizeScene(scene, size), { ...corner, ...own }), padding);
  });
  const data = new Float32Array(parts[0]?.image.data.length ?? 0);
  for (const { image } of parts)
    for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? NaN) + (image.data[i] ?? NaN);
  const image = { data, shape: [height, width, scenes[0].image.shape[2]] as const };
  return sanitizeScene(joinScenes("mosaic", image, parts), options);
}
