import type { Image } from "@pellucid/core-train";
import { cornersOf } from "../boxes/corners-of.ts";
import { masksAsImage, masksOfImage } from "./masks-as-image.ts";
import type { Scene } from "./scene.ts";

/** A change of the image's pixels, and what it does to coordinates. */
export interface Motion {
  /** Of the image, and of the masks, which are 0 or 1. */
  readonly image: (image: Image, isMask: boolean) => Image;
  /** From corners to corners. */
  readonly corner: (x: number, y: number) => readonly [x: number, y: number];
  /** From points to points. Default: as corners. */
  readonly point?: (x: number, y: number) => readonly [x: number, y: number];
}

/** The scene with image, boxes, masks and points moved. Boxes are cut at the edges of the image; points beyond them can no longer be seen. */
export function moveScene(scene: Scene, { image: change, corner, point = corner }: Motion): Scene {
  const image = change(scene.image, false);
  const [height, width] = image.shape;
  const boxes = scene.boxes.data.slice();
  for (let i = 0; i < boxes.length; i += 4) {
    const [x1, y1, x2, y2] = cornersOf(boxes, i / 4);
    const moved = [corner(x1, y1), corner(x2, y1), corner(x2, y2), corner(x1, y2)];
    const [xs, ys] = [moved.map(([x]) => within(x, width)), moved.map(([, y]) => within(y, height))];
    boxes.set([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], i);
  }
  const keypoints = scene.keypoints?.data.slice();
  for (let i = 0; keypoints !== undefined && i < keypoints.length; i += 3) {
    const [x, y] = point(keypoints[i] ?? NaN, keypoints[i + 1] ?? NaN);
    const isInside = x >= 0 && x <= width && y >= 0 && y <= height;
    keypoints.set([x, y, isInside ? (keypoints[i + 2] ?? NaN) : 0], i);
  }
  return {
    image,
    boxes: { data: boxes, shape: scene.boxes.shape },
    labels: scene.labels,
    ...(scene.masks === undefined ? {} : { masks: masksOfImage(change(masksAsImage(scene.masks), true)) }),
    ...(scene.keypoints === undefined || keypoints === undefined
      ? {}
      : { keypoints: { data: keypoints, shape: scene.keypoints.shape } }),
  };
}

const within = (x: number, size: number): number => Math.min(Math.max(x, 0), size);
