import { type Layer, Module, StructError } from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { GraphDetections } from "./graph-detections.ts";
import { type HeadOutputs, OneStageDetector } from "./one-stage-detector.ts";

/**
 * `detect` of a detector of one stage ({@link RetinaNet}, {@link FCOS}, {@link SSD}) as a graph of tensors, which a trace and an ONNX file can hold: for one picture, whose size is that of the file.
 *
 * ```ts
 * const bytes = await toOnnx(new DetectionGraph(detector), [picture], { axes: {} }); // picture: [1, height, width, 3]
 * ```
 *
 * It normalizes and resizes the picture, decodes the best candidates, suppresses those that a better one of their class overlaps, and moves the boxes back. Boxes of different classes are moved apart
 * to be suppressed at once, as torchvision does for few boxes: overlaps are those of `detect` but for rounding.
 * Which of equal scores comes first is left to what runs the graph.
 */
export class DetectionGraph extends Module implements Layer<Tensor4D, GraphDetections> {
  readonly detector: OneStageDetector<HeadOutputs>;

  /** @throws {StructError} for what is not a detector of one stage */
  constructor(detector: OneStageDetector<HeadOutputs>) {
    super();
    if (!(detector instanceof OneStageDetector))
      throw new StructError(
        "DetectionGraph: detector is not a detector of one stage, expected a RetinaNet, FCOS or SSD.",
      );
    this.detector = detector;
  }

  /**
   * @param images `[1, height, width, color]`, from 0 to 1
   * @throws {ShapeError} for another number of pictures or axes
   */
  forward(images: Tensor4D): GraphDetections {
    return this.detector.detectInGraph(images);
  }
}
