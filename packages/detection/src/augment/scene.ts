import { type Image, type Rng, ShapeError, checkRecord } from "@pellucid/core-train";

/** An image on the host, with its objects. `shapeScenes` of `@pellucid/datasets` makes them. */
export interface Scene {
  readonly image: Image;
  /** `[object, 4]`: `x1, y1, x2, y2` in pixels; the edges, not the last pixels. */
  readonly boxes: { readonly data: Float32Array; readonly shape: readonly [object: number, side: number] };
  /** `[object]` */
  readonly labels: { readonly data: Int32Array; readonly shape: readonly [object: number] };
  /** `[object, height, width]`: 1 where the object is. */
  readonly masks?:
    | { readonly data: Uint8Array; readonly shape: readonly [object: number, height: number, width: number] }
    | undefined;
  /** `[object, point, 3]`: `x`, `y` and whether it can be seen; 0 where it is outside. */
  readonly keypoints?:
    | { readonly data: Float32Array; readonly shape: readonly [object: number, point: number, part: number] }
    | undefined;
}

/** Transforms a scene at random, its boxes, masks and points along with the image. Draws from `rng`, and leaves its input as it is. Pure host code: it runs in workers. */
export type SceneAugmentation = (scene: Scene, rng: Rng) => Scene;

/** Throws a {@link ShapeError} unless there is a box for each label, and a mask of the image's size if there are masks. */
export function checkScene(caller: string, scene: Scene): void {
  checkRecord(caller, "the scene", scene, ["image", "boxes", "labels"]);
  const { image, boxes, labels, masks, keypoints } = scene;
  for (const [name, part] of Object.entries({ image, boxes, labels }))
    checkRecord(caller, name, part, ["data", "shape"]);
  const count = labels.data.length;
  const [height, width, channels] = image.shape;
  const expected = {
    image: [image.data.length, height * width * channels],
    boxes: [boxes.data.length, 4 * count],
    masks: masks === undefined ? [0, 0] : [masks.data.length, count * height * width],
    keypoints: keypoints === undefined ? [0, 0] : [keypoints.data.length, 3 * count * keypoints.shape[1]],
  };
  for (const [name, [found, wanted]] of Object.entries(expected))
    if (found !== wanted)
      throw new ShapeError(
        `${caller}: ${name} has ${found} numbers, expected ${wanted} for ${count} labels.`,
      );
}
