import { channelsFirst, channelsLast, type Held } from "../held.ts";
import { axesOf, type Form, inputOf, isOnlyFirst, numbersOf, outputOf, sizesOf } from "./form.ts";

/** A reshape: nothing, if it undoes one; the flat view of a value, which most ops look through; otherwise ONNX's. */
const reshape: Form = (graph, node) => {
  const out = outputOf(node);
  const x = graph.held(inputOf(node, "x"));
  const about = graph.about(out);
  const { shape } = about;
  const alias = [x, x.flatOf].find((one) => one !== undefined && one.shape.join() === shape.join());
  if (alias !== undefined) {
    graph.alias(out, alias);
    return;
  }
  if (x.fill !== undefined) {
    graph.hold({
      ...about,
      fill: x.fill,
      make: () => graph.filled(x.fill as number, sizesOf(node, "shape"), about.dtype),
    });
    return;
  }
  const source = x.flatOf ?? x;
  if (x.known === undefined && isFlat(source, shape)) {
    graph.hold({ ...about, flatOf: source });
    return;
  }
  const sizes = sizesOf(node, "shape");
  const pointwise = isOnlyFirst(source) && source.shape.slice(1, -1).every((size) => size === 1);
  const from = pointwise ? graph.first(source) : graph.last(x.flatOf === undefined ? x : source);
  const free = sizes.filter((size) => typeof size !== "number" || size < 0).length;
  const kept = sizes.map((size, axis) =>
    typeof size !== "number" && free > 1 && !pointwise && shape[axis] === source.shape[axis] ? 0 : size,
  );
  const open = kept.filter((size) => typeof size !== "number" || size < 0).length;
  const target = open > 1 ? kept : kept.map((size) => (typeof size === "number" ? size : -1));
  graph.setLast(out, graph.add("Reshape", [from, graph.shape(target)], {}, out));
};

/** Whether a shape is that of another, with all axes in one, all but the last, or the middle ones. */
function isFlat({ shape: from }: Held, shape: readonly (number | string)[]): boolean {
  if (from.length <= shape.length || shape.length === 0) return false;
  if (shape.length === 1) return true;
  const sameEnd = typeof shape.at(-1) === "number" && shape.at(-1) === from.at(-1);
  return sameEnd && (shape.length === 2 || (shape.length === 3 && shape[0] === from[0]));
}

const transpose: Form = (graph, node) => {
  const out = outputOf(node);
  const x = graph.held(inputOf(node, "x"));
  const perm = numbersOf(node, "perm");
  const rank = perm.length;
  if (rank > 2 && perm.join() === channelsFirst(rank).join()) graph.setLast(out, graph.first(x));
  else if (rank > 2 && perm.join() === channelsLast(rank).join()) graph.setFirst(out, graph.last(x));
  else graph.setLast(out, graph.add("Transpose", [graph.last(x)], { perm }, out));
};

const expandDims: Form = (graph, node) => {
  const out = outputOf(node);
  const x = graph.held(inputOf(node, "input"));
  const [axis = 0] = axesOf(node, "dim", graph.about(out).shape.length);
  graph.setLast(out, graph.add("Unsqueeze", [graph.last(x), graph.ints([axis])], {}, out));
};

const tile: Form = (graph, node) => {
  const out = outputOf(node);
  const x = graph.held(inputOf(node, "x"));
  const reps = sizesOf(node, "reps");
  if (reps.every((times) => times === 1)) graph.alias(out, x);
  else graph.setLast(out, graph.add("Tile", [graph.last(x), graph.shape(reps)], {}, out));
};

const broadcastTo: Form = (graph, node) => {
  const out = outputOf(node);
  const x = graph.last(inputOf(node, "x"));
  graph.setLast(out, graph.add("Expand", [x, graph.shape(sizesOf(node, "shape"))], {}, out));
};

/** The ops that change shapes and the order of axes. */
export const shapeForms: Readonly<Record<string, Form>> = {
  Reshape: reshape,
  Transpose: transpose,
  ExpandDims: expandDims,
  Tile: tile,
  BroadcastTo: broadcastTo,
};
