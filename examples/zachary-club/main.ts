// A graph convolutional network knows from two members to which side of a karate club the others went.
import { useBackend } from "@pellucid/backends";
import { adam, crossEntropy, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { Gcn, graphOf, zachary } from "@pellucid/gnn";
import { argMax, gather, tensor1d, tensor2d } from "@tensorflow/tfjs-core";

/** Trains for 200 steps, and returns how many of the 34 members are on the right side. */
export async function main({ seed = 0 } = {}) {
  const { x, edgeIndex, y } = zachary();
  const graph = graphOf({
    x: tensor2d(x.data, [34, 34]),
    edgeIndex: tensor2d(edgeIndex.data, [2, edgeIndex.data.length / 2], "int32"),
  });
  const sides = tensor1d(y.data, "int32");
  const known = tensor1d([0, 33], "int32"); // the instructor and the president
  const model = new Gcn(graph.x.shape[1], 16, 2, { rng: new Rng(seed), outChannels: 2 });
  const optimizer = new Optimizer(adam({ learningRate: 0.01, weightDecay: 5e-4 }), trainable(model));
  const loss = () => crossEntropy(gather(model.forward(graph), known), gather(sides, known));
  for (let step = 0; step < 200; step++) await trainStep(model, optimizer, loss);
  const found = argMax(model.forward(graph), 1).dataSync();
  const right = sides.dataSync().filter((side, member) => side === found[member]).length;
  optimizer.dispose();
  model.dispose();
  return right;
}

if (import.meta.main) {
  await useBackend();
  console.log(`${await main()} of 34 members are on the side where they went`);
}
