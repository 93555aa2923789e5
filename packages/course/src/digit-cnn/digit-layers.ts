import type { MnistCnn } from "@pellucid/cnn";
import type { ExplainedLayer, Maps } from "@pellucid/interpret/parts/explain-number";
import type { FlowLayer } from "@pellucid/interpret/parts/layer-flow";
import type { Tensor } from "@tensorflow/tfjs-core";

/** How each layer of the network computes, with its weights on the host: two convolutions, each with its pooling, then ten sums. */
export async function layersOf(net: MnistCnn): Promise<readonly ExplainedLayer[]> {
  const read = async (x: Tensor | null) => Float32Array.from((await x?.data()) ?? []);
  const [w1, b1, w2, b2, w3, b3] = await Promise.all(
    [net.conv1.weight, net.conv1.bias, net.conv2.weight, net.conv2.bias, net.fc.weight, net.fc.bias].map(
      read,
    ),
  );
  const none = new Float32Array();
  return [
    { kind: "convolution", weight: w1 ?? none, bias: b1 ?? none, size: 5, maps: 10 },
    { kind: "pool-relu", size: 2 },
    { kind: "convolution", weight: w2 ?? none, bias: b2 ?? none, size: 5, maps: 20 },
    { kind: "pool-relu", size: 2 },
    { kind: "linear", weight: w3 ?? none, bias: b3 ?? none, maps: 10 },
  ];
}

/** The columns of the flow. */
export const columns: readonly Omit<FlowLayer, "values">[] = [
  {
    name: "Convolution 1",
    does: "10 filters of 5 × 5 slide over the drawing",
    height: 24,
    width: 24,
    maps: 10,
    columns: 2,
    side: 56,
    reads: "all",
  },
  {
    name: "Pool + ReLU",
    does: "keep the largest of 2 × 2, cut at 0",
    height: 12,
    width: 12,
    maps: 10,
    columns: 2,
    side: 46,
    reads: "one",
  },
  {
    name: "Convolution 2",
    does: "20 filters of 10 × 5 × 5: each reads all ten maps",
    height: 8,
    width: 8,
    maps: 20,
    columns: 4,
    side: 46,
    reads: "all",
  },
  {
    name: "Pool + ReLU",
    does: "320 numbers are left",
    height: 4,
    width: 4,
    maps: 20,
    columns: 4,
    side: 36,
    reads: "one",
  },
];

/** The input of each layer, given the drawing and each layer's numbers. */
export function inputOf(layer: number, pixels: Float32Array, numbers: readonly Float32Array[]): Maps {
  const before = columns[layer - 1];
  if (before === undefined) return { values: pixels, height: 28, width: 28, maps: 1 };
  return { values: numbers[layer - 1] ?? [], height: before.height, width: before.width, maps: before.maps };
}
