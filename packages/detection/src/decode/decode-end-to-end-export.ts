import { checkFinite, checkShape } from "@pellucid/core-train";
import type { Tensor3D } from "@tensorflow/tfjs-core";
import { boxArray } from "../anchors/box-array.ts";
import type { Detections } from "../models/detections.ts";

/**
 * Decodes the head of detectors that are exported with their selection: `x1, y1, x2, y2, score, class` of each row, in pixels of the input, padded with rows of low score. No suppression is needed.
 *
 * @param output `[batch, row, 6]`, such as `[1, 300, 6]`
 * @param scoreThreshold rows whose score is not above are left out
 */
export async function decodeEndToEndExport(output: Tensor3D, scoreThreshold = 0.25): Promise<Detections[]> {
  checkShape("decodeEndToEndExport", "output", output, ["batch", "row", 6]);
  checkFinite("decodeEndToEndExport", { scoreThreshold });
  const [batch, rows] = output.shape;
  const data = await output.data<"float32">();
  const row = (i: number) => data.subarray(6 * i, 6 * i + 6);
  return Array.from({ length: batch }, (_, image) => {
    const found = Array.from({ length: rows }, (_, i) => row(image * rows + i)).filter(
      (own) => (own[4] ?? NaN) > Math.fround(scoreThreshold),
    );
    const sorted = found.toSorted((a, b) => (b[4] ?? NaN) - (a[4] ?? NaN));
    return {
      boxes: boxArray(Float32Array.from(sorted.flatMap((own) => [...own.subarray(0, 4)]))),
      scores: Float32Array.from(sorted, (own) => own[4] ?? NaN),
      labels: Int32Array.from(sorted, (own) => own[5] ?? NaN),
    };
  });
}
