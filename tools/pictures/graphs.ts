import { adam, crossEntropy, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { Gcn, graphOf, networkOfGraph, springLayout, zachary } from "@pellucid/gnn";
import { gather, softmax, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { drawing, text } from "./svg.ts";

/** Zachary's club: the side of each member that a network infers from two of them. */
export async function graphs(): Promise<string> {
  const { x, edgeIndex, y } = zachary();
  const graph = graphOf({
    x: tensor2d(x.data, [34, 34]),
    edgeIndex: tensor2d(edgeIndex.data, [2, edgeIndex.data.length / 2], "int32"),
  });
  const known = tensor1d([0, 33], "int32");
  const sides = gather(tensor1d(y.data, "int32"), known);
  const model = new Gcn(34, 16, 2, { rng: new Rng(0), outChannels: 2 });
  const optimizer = new Optimizer(adam({ learningRate: 0.01, weightDecay: 5e-4 }), trainable(model));
  for (let step = 0; step < 200; step++)
    await trainStep(model, optimizer, () => crossEntropy(gather(model.forward(graph), known), sides));
  const sure = softmax(model.forward(graph)).arraySync();
  const layout = springLayout(await networkOfGraph(graph), { seed: 4 });
  const at = (node: number): readonly [number, number] => {
    const [across = 0, down = 0] = layout.get(node) ?? [];
    return [320 + 290 * across, 175 + 150 * down];
  };
  const edges = Array.from({ length: edgeIndex.data.length / 2 }, (_, i) => {
    const [from, to] = [at(edgeIndex.data[i] ?? 0), at(edgeIndex.data[i + edgeIndex.data.length / 2] ?? 0)];
    return `<line x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}" stroke="#bbb"/>`;
  });
  const nodes = sure.map(([first = 0], node) => {
    const [cx, cy] = at(node);
    const named = node === 0 || node === 33;
    return `<circle cx="${cx}" cy="${cy}" r="${named ? 13 : 9}" fill="${first > 0.5 ? "#0072b2" : "#e69f00"}" stroke="#17181c" stroke-width="${named ? 3 : 0}"/>${text(cx, cy + 4, String(node + 1), 'text-anchor="middle" font-size="10" style="fill:#fff"')}`;
  });
  return drawing(350, ...edges, ...nodes);
}
