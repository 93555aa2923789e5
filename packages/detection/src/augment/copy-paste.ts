import { checkProbabilities, type Rng, ShapeError } from "@pellucid/core-train";
import { joinScenes } from "./join-scenes.ts";
import { keepObjects, sanitizeScene, type SanitizeSceneOptions } from "./sanitize-scene.ts";
import { checkScene, type Scene } from "./scene.ts";

/** Options for {@link copyPaste}. */
export interface CopyPasteOptions extends SanitizeSceneOptions {
  /** How often an object is copied. Default: 0.5. */
  readonly p?: number;
}

/**
 * Pastes some objects of one scene, cut out by their masks, onto another. What they cover is taken from the masks there, boxes are those of what is left, and an object that is covered is left out.
 * Ghiasi et al., 2021. https://arxiv.org/abs/2012.07177
 *
 * @param scene with masks
 * @param source of the same size, with masks
 */
export function copyPaste(scene: Scene, source: Scene, rng: Rng, options: CopyPasteOptions = {}): Scene {
  const { p = 0.5, ...sanitize } = options;
  checkProbabilities("copyPaste", { p });
  checkScene("copyPaste", scene);
  checkScene("copyPaste", source);
  const [height, width, channels] = scene.image.shape;
  const isFit = source.image.shape.every((size, i) => size === scene.image.shape[i]);
  if (scene.masks === undefined || source.masks === undefined || !isFit)
    throw new ShapeError("copyPaste: expected two scenes of the same size, with masks.");
  const drawn = rng.rand([source.labels.data.length]).data;
  const pasted = keepObjects(source, (i) => (drawn[i] ?? NaN) < Math.fround(p));
  const pixels = height * width;
  const covered = new Uint8Array(pixels);
  for (const [i, is] of (pasted.masks?.data ?? []).entries()) if (is !== 0) covered[i % pixels] = 1;
  const data = scene.image.data.map((x, i) =>
    covered[Math.floor(i / channels)] === 1 ? (pasted.image.data[i] ?? NaN) : x,
  );
  const left = scene.masks.data.map((is, i) => (covered[i % pixels] === 1 ? 0 : is));
  const below: Scene = {
    ...scene,
    boxes: { data: boxesOf(left, scene, height, width), shape: scene.boxes.shape },
    masks: { data: left, shape: scene.masks.shape },
  };
  return sanitizeScene(
    joinScenes("copyPaste", { data, shape: scene.image.shape }, [below, pasted]),
    sanitize,
  );
}

/** The boxes around masks; of those that were not covered, the given ones. */
function boxesOf(masks: Uint8Array, scene: Scene, height: number, width: number): Float32Array {
  const boxes = scene.boxes.data.slice();
  const pixels = height * width;
  for (let o = 0; o < scene.labels.data.length; o++) {
    const own = masks.subarray(o * pixels, (o + 1) * pixels);
    const before = scene.masks?.data.subarray(o * pixels, (o + 1) * pixels);
    if (own.every((is, i) => is === before?.[i])) continue;
    const box = [width, height, 0, 0] as [number, number, number, number];
    for (const [i, is] of own.entries()) {
      if (is === 0) continue;
      const [x, y] = [i % width, Math.floor(i / width)];
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x + 1);
      box[3] = Math.max(box[3], y + 1);
    }
    boxes.set(box[2] === 0 ? [0, 0, 0, 0] : box, 4 * o);
  }
  return boxes;
}
