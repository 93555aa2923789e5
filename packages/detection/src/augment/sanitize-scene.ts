import { checkNotNegative, checkOptions } from "@pellucid/core-train";
import { cornersOf } from "../boxes/corners-of.ts";
import { checkScene, type Scene } from "./scene.ts";

/** Options for {@link sanitizeScene}. */
export interface SanitizeSceneOptions {
  /** The least width and height of a box, in pixels. Default: 1. */
  readonly minSize?: number;
  /** The least area. Default: 1. */
  readonly minArea?: number;
}

/** Leaves out the objects whose box is too small or reaches beyond the image, with their labels, masks and points, torchvision's `SanitizeBoundingBoxes`. */
export function sanitizeScene(scene: Scene, options: SanitizeSceneOptions = {}): Scene {
  checkOptions("sanitizeScene", options, ["minSize", "minArea"]);
  const { minSize = 1, minArea = 1 } = options;
  checkNotNegative("sanitizeScene", { minSize, minArea });
  checkScene("sanitizeScene", scene);
  const [height, width] = scene.image.shape;
  return keepObjects(scene, (i) => {
    const [x1, y1, x2, y2] = cornersOf(scene.boxes.data, i);
    const isInside = x1 >= 0 && y1 >= 0 && x2 <= width && y2 <= height;
    return isInside && x2 - x1 >= minSize && y2 - y1 >= minSize && (x2 - x1) * (y2 - y1) >= minArea;
  });
}

/** The scene with some of its objects. */
export function keepObjects(scene: Scene, keep: (object: number) => boolean): Scene {
  const { image, boxes, labels, masks, keypoints } = scene;
  const kept = [...labels.data.keys()].filter(keep);
  if (kept.length === labels.data.length) return scene;
  const pixels = image.shape[0] * image.shape[1];
  const points = keypoints?.shape[1] ?? 0;
  return {
    image,
    boxes: { data: rows(boxes.data, kept, 4), shape: [kept.length, 4] },
    labels: { data: rows(labels.data, kept, 1), shape: [kept.length] },
    ...(masks && {
      masks: {
        data: rows(masks.data, kept, pixels),
        shape: [kept.length, masks.shape[1], masks.shape[2]] as const,
      },
    }),
    ...(keypoints && {
      keypoints: { data: rows(keypoints.data, kept, 3 * points), shape: [kept.length, points, 3] as const },
    }),
  };
}

function rows<A extends Float32Array | Int32Array | Uint8Array>(
  data: A,
  kept: readonly number[],
  size: number,
): A {
  const chosen = data.slice(0, kept.length * size) as A;
  for (const [to, from] of kept.entries())
    chosen.set(data.subarray(from * size, (from + 1) * size), to * size);
  return chosen;
}
