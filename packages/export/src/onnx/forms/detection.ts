import type { OnnxGraph } from "../onnx-graph.ts";
import { float } from "../onnx-proto.ts";
import { type Form, inputOf, numberOf, numbersOf, outputOf } from "./form.ts";

/** From opset 16 on ONNX's default moves regions by half a pixel; that is `aligned` here. */
const roiAlign: Form = (graph, node) => {
  const out = outputOf(node);
  const rois = graph.last(inputOf(node, "rois"));
  const columns = (from: number, to: number): string =>
    graph.add("Slice", [rois, graph.ints([from]), graph.ints([to]), graph.ints([1])]);
  const images = graph.add("Cast", [graph.add("Squeeze", [columns(0, 1), graph.ints([1])])], { to: 7 });
  const [output_height = 0, output_width = 0] = numbersOf(node, "size");
  const attributes = {
    output_height,
    output_width,
    sampling_ratio: Math.max(0, numberOf(node, "samplingRatio")),
    spatial_scale: float(numberOf(node, "spatialScale")),
    coordinate_transformation_mode: node.attributes["aligned"] === true ? "half_pixel" : "output_half_pixel",
  };
  const x = graph.first(inputOf(node, "x"));
  graph.setFirst(out, graph.add("RoiAlign", [x, columns(1, 5), images], attributes, out));
};

/** tfjs' suppression of one class. Without its third input ONNX keeps no box at all. */
const suppression: Form = (graph, node) => {
  const out = outputOf(node);
  const front = (value: string, axes: readonly number[]): string =>
    graph.add("Unsqueeze", [graph.last(inputOf(node, value)), graph.ints(axes)]);
  const kept = graph.add("NonMaxSuppression", [
    front("boxes", [0]),
    front("scores", [0, 1]),
    graph.ints([numberOf(node, "maxOutputSize")]),
    ...["iouThreshold", "scoreThreshold"].map((name) => threshold(graph, numberOf(node, name))),
  ]); // [kept, 3]
  const indices = graph.add("Gather", [kept, graph.int64(2)], { axis: 1 });
  graph.setLast(out, graph.add("Cast", [indices], { to: 6 }, out));
};

/** ONNX has no threshold below all numbers. */
const threshold = (graph: OnnxGraph, value: number): string => graph.floats([Math.max(value, -3e38)]);

/** The ops of detectors. */
export const detectionForms: Readonly<Record<string, Form>> = {
  roiAlign,
  NonMaxSuppressionV3: suppression,
};
