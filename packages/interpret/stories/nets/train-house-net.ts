// Trains the net of houses (seed 0, 300 steps of Adam on 80 % of the nodes) and writes house-net.safetensors next to this file:
//   node packages/interpret/stories/nets/train-house-net.ts
import { useBackend } from "@pellucid/backends";
import { adam, crossEntropy, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { writeWeights } from "@pellucid/core-train/node";
import { argMax, cast, equal, gather, mean, type Tensor1D, tensor1d, tidy } from "@tensorflow/tfjs-core";
import { houseGraph, HouseNet } from "./house-net.ts";

await useBackend({ only: "wasm" });
const graph = houseGraph();
const rng = new Rng(0);
const model = new HouseNet({ rng });
const optimizer = new Optimizer(adam({ learningRate: 3e-3, weightDecay: 1e-4 }), trainable(model));
const nodes = graph.x.shape[0];
const order = rng.randperm(nodes);
const count = Math.floor(0.8 * nodes);
const train = tensor1d(order.slice(0, count), "int32");
const test = tensor1d(order.slice(count), "int32");
const accuracy = (part: Tensor1D) =>
  tidy(() => {
    const hits = equal(argMax(gather(model.forward(graph), part), 1), gather(graph.y, part));
    return mean(cast(hits, "float32")).dataSync()[0];
  });
for (let step = 0; step < 300; step++) {
  const loss = await trainStep(model, optimizer, () =>
    crossEntropy(gather(model.forward(graph), train), gather(graph.y, train)),
  );
  if (step % 100 === 99)
    process.stdout.write(
      `step ${step + 1}: loss ${loss.toFixed(4)}, accuracy ${accuracy(train)}, unseen ${accuracy(test)}\n`,
    );
}
await writeWeights(`${import.meta.dirname}/house-net.safetensors`, model);
