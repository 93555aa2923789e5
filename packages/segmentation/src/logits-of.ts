import { checkRecord, checkTensor } from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { SegmentationOutput } from "./segmentation-output.ts";

/** The logits of a model that returns them as they are, or as `out` of a record. Throws a `StructError` for what is neither. */
export function logitsOf(output: Tensor4D | SegmentationOutput, caller = "logitsOf"): Tensor4D {
  checkRecord(caller, "output", output, []);
  const logits = "out" in output ? output.out : output;
  checkTensor(caller, "the logits", logits, "[batch, height, width, class]");
  return logits;
}
