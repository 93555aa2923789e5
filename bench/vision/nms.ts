import { useBackend } from "@pellucid/backends";
import { nms, xyxy } from "@pellucid/detection";
import { tensor1d } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { iouThreshold, manyBoxes } from "./work.ts";

/** Non-maximum suppression of 10,000 boxes; how many are left. */
export async function prepare(): Promise<Step> {
  await useBackend({ only: "wasm" });
  const { boxes, scores } = manyBoxes(10_000);
  const [given, ranks] = [xyxy({ data: boxes, shape: [scores.length, 4] }), tensor1d(scores)];
  return async () => (await nms(given, ranks, iouThreshold)).length;
}
