import { type Image, ShapeError } from "@pellucid/core-train";
import type { Scene } from "./scene.ts";

/** One image with the objects of several scenes of its size, in order. Masks and points are kept if every scene has them. */
export function joinScenes(caller: string, image: Image, scenes: readonly Scene[]): Scene {
  const count = scenes.reduce((sum, { labels }) => sum + labels.data.length, 0);
  const masks = scenes.map((scene) => scene.masks);
  const keypoints = scenes.map((scene) => scene.keypoints);
  const points = keypoints[0]?.shape[1] ?? 0;
  if (keypoints.some((own) => own !== undefined && own.shape[1] !== points))
    throw new ShapeError(
      `${caller}: scenes have different numbers of points, expected the same for all objects.`,
    );
  const [height, width] = image.shape;
  return {
    image,
    boxes: { data: Float32Array.from(scenes.flatMap(({ boxes }) => [...boxes.data])), shape: [count, 4] },
    labels: { data: Int32Array.from(scenes.flatMap(({ labels }) => [...labels.data])), shape: [count] },
    ...(masks.every((own) => own !== undefined) && {
      masks: { data: stacked(masks.map(({ data }) => data)), shape: [count, height, width] as const },
    }),
    ...(keypoints.every((own) => own !== undefined) && {
      keypoints: {
        data: Float32Array.from(keypoints.flatMap(({ data }) => [...data])),
        shape: [count, points, 3] as const,
      },
    }),
  };
}

function stacked(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
