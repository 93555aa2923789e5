import type { FreeSize, TracedNode, TracedSize } from "@pellucid/core-train";
import { tensorAttribute, tensorProto } from "../onnx-proto.ts";
import { alongAxes } from "./along-axes.ts";
import { type Form, inputOf, numberOf, outputOf, pairsOf, refused, sizesOf } from "./form.ts";

/** All beginnings, then all ends. */
function padded(sidesName: string, valueName: string, modeOf: (node: TracedNode) => string): Form {
  return (graph, node) => {
    const sides = pairsOf(node, sidesName);
    const value = node.attributes[valueName];
    alongAxes(graph, node, inputOf(node, "x"), (x, axisOf) => {
      const by = new Map(sides.map((pair, axis) => [axisOf(axis), pair]));
      const pads = [0, 1].flatMap((end) => sides.map((_, axis) => by.get(axis)?.[end] ?? 0));
      const constant = typeof value === "number" && value !== 0 ? [graph.scalar(value)] : [];
      return graph.add("Pad", [x, graph.ints(pads), ...constant], { mode: modeOf(node) }, outputOf(node));
    });
  };
}

const padModes: Readonly<Record<string, string>> = {
  constant: "constant",
  reflect: "reflect",
  replicate: "edge",
};

const mirrorPad: Form = (graph, node) => {
  if (node.attributes["mode"] !== "reflect") throw refused(node, "the mode is symmetric");
  padded("paddings", "", () => "reflect")(graph, node);
};

const fill: Form = (graph, node) => {
  const about = graph.about(outputOf(node));
  const value = numberOf(node, "value");
  graph.hold({ ...about, fill: value, make: () => graph.filled(value, sizesOf(node, "shape"), about.dtype) });
};

function like(value: number): Form {
  return (graph, node) => {
    const about = graph.about(outputOf(node));
    const x = inputOf(node, "x");
    const make = (): string => {
      const one = about.dtype === "float32" ? Float32Array.of(value) : Int32Array.of(value);
      const bytes = about.dtype === "bool" ? Uint8Array.of(value) : new Uint8Array(one.buffer);
      const shape = graph.add("Shape", [graph.last(x)]);
      return graph.add("ConstantOfShape", [shape], {
        value: tensorAttribute(tensorProto("", about.dtype, [1], bytes)),
      });
    };
    graph.hold({ ...about, fill: value, make });
  };
}

const range: Form = (graph, node) => {
  const out = outputOf(node);
  const dtype = graph.about(out).dtype === "int32" ? "int32" : "float32";
  const bounds = (["start", "stop", "step"] as const).map((name) => {
    const value = node.attributes[name] as TracedSize;
    return typeof value === "number"
      ? graph.scalar(value, dtype)
      : graph.sizeScalar(value as FreeSize, dtype);
  });
  graph.setLast(out, graph.add("Range", bounds, {}, out));
};

/** The ops that pad and make new tensors. */
export const fillingForms: Readonly<Record<string, Form>> = {
  PadV2: padded("paddings", "constantValue", () => "constant"),
  pad: padded("padding", "value", ({ attributes }) => padModes[attributes["mode"] as string] ?? "constant"),
  MirrorPad: mirrorPad,
  Fill: fill,
  ZerosLike: like(0),
  OnesLike: like(1),
  Range: range,
};
