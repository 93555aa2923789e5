import { useBackend, type BackendName } from "@pellucid/backends";
import { DigitsCnn } from "@pellucid/cnn";
import { loadWeights, Rng } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { classScore, type Score } from "@pellucid/interpret";
import { type Tensor, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { readFileSync } from "node:fs";
import type { Step } from "../contestant.ts";

/** What is explained: why the digits net of the stories takes one unseen 3 for a 3. */
export interface Explained {
  readonly net: DigitsCnn;
  readonly score: Score;
  readonly image: Tensor4D;
}

/** A step that explains once and reads the maps; it gives their sum of squares, which stays the same. */
export async function explaining(
  backend: string,
  explain: (of: Explained) => readonly (Tensor | Promise<Tensor>)[],
): Promise<Step> {
  await useBackend({ only: backend as BackendName });
  const net = new DigitsCnn({ rng: new Rng(0) });
  const file = readFileSync(
    new URL("../../packages/interpret/stories/nets/digits-cnn.safetensors", import.meta.url),
  );
  loadWeights(net, Uint8Array.from(file).buffer);
  const { test } = await digits();
  const images = toFloatImages(test);
  const three = Array.from(images.labels.data).indexOf(3);
  const image = tensor4d(images.get(three).x.data, [1, 8, 8, 1]);
  const score = classScore<Tensor4D>(net, 3);
  return async () => {
    let sum = 0;
    for (const made of explain({ net, score, image })) {
      const map = await made;
      for (const value of await map.data()) sum += value * value;
      map.dispose();
    }
    return sum;
  };
}
