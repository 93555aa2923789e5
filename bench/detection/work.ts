import { type BackendName, useBackend } from "@pellucid/backends";
import type { Image } from "@pellucid/core-train";
import { shapeScenes } from "@pellucid/datasets";
import { type Detections, MeanAveragePrecision } from "@pellucid/detection";
import type { Contestant } from "../contestant.ts";

type Scene = ReturnType<ReturnType<typeof shapeScenes>["train"]["get"]>;

/** Pictures with their objects, each drawn once. */
export interface DrawnScenes {
  readonly length: number;
  get(index: number): Scene;
}

/** All detectors read 300 pictures of circles, squares and triangles twelve times, in batches of four. */
export const recipe = { epochs: 12, size: 4, images: 300, learningRate: 2e-3 };

/**
 * Trains a detector, then finds the objects of one picture a step. The quality is mAP at an IoU of 0.5 on 150 pictures that it has not seen.
 *
 * @param train gives the trained detector
 */
export function detecting(
  train: (scenes: DrawnScenes) => Promise<(image: Image) => Promise<Detections>>,
): Required<Pick<Contestant, "prepare" | "quality">> {
  const { train: own, test } = shapeScenes({ seed: 0, train: recipe.images, test: 150 });
  let detect: (image: Image) => Promise<Detections>;
  return {
    async prepare(backend) {
      await useBackend({ only: backend as BackendName });
      detect = await train(drawn(own));
      const { image } = test.get(0);
      return async () => (await detect(image)).scores[0] ?? 0;
    },
    async quality() {
      const metric = new MeanAveragePrecision();
      for (let i = 0; i < test.length; i++) {
        const scene = test.get(i);
        metric.update(await detect(scene.image), scene);
      }
      return metric.compute().map50;
    },
  };
}

function drawn(scenes: DrawnScenes): DrawnScenes {
  const all = Array.from({ length: scenes.length }, (_, i) => scenes.get(i));
  return { length: all.length, get: (index) => all[index] as Scene };
}
