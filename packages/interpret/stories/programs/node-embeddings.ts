import { adam, capture, crossEntropy, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { Gcn, toGraph, zachary } from "@pellucid/gnn";
import { curves, network, scrubber } from "@pellucid/interpret/draw";
import { argMax, dispose, gather, type Tensor2D, tensor1d, tidy } from "@tensorflow/tfjs-core";

export interface Options {
  readonly epochs: number;
  readonly learningRate: number;
  readonly seed: number;
}

export const options: Options = { epochs: 60, learningRate: 0.02, seed: 4 };

/** A graph network learns, from the two leaders' labels alone, who stays with whom in Zachary's club; its two hidden features are each member's position. */
export async function program({ epochs, learningRate, seed }: Options) {
  const data = zachary();
  const graph = toGraph(data);
  const labels = [...data.y.data];
  const half = data.edgeIndex.data.length / 2;
  const edges = Array.from(
    { length: half },
    (_, e) => [data.edgeIndex.data[e] as number, data.edgeIndex.data[half + e] as number] as const,
  ).filter(([u, v]) => u < v);
  const model = new Gcn(34, 2, 2, { rng: new Rng(seed), outChannels: 2, act: null });
  const optimizer = new Optimizer(adam({ learningRate }), trainable(model));
  const leaders = tensor1d([0, 33], "int32");
  const factions = gather(graph.y, leaders);
  const every = Math.max(1, Math.round(epochs / 12));
  const [steps, names, right]: [HTMLElement[], string[], number[]] = [[], [], []];
  for (let epoch = 0; epoch <= epochs; epoch++) {
    const guesses = tidy(() => argMax(model.forward(graph), 1));
    right.push((await guesses.data()).filter((guess, v) => guess === labels[v]).length);
    guesses.dispose();
    if (epoch % every === 0) {
      const hidden = capture(model.convs[0] as (typeof model.convs)[number], () => model.forward(graph));
      const positions = (await (hidden as Tensor2D).array()) as [number, number][];
      hidden.dispose();
      names.push(`epoch ${epoch}`);
      steps.push(
        network(
          { positions, edges },
          {
            title: `Two hidden features, epoch ${epoch}: ${right.at(-1)} of 34 are right`,
            classes: labels,
            classNames: ["went with member 0", "went with member 33"],
            height: 420,
            marked: [0, 33],
          },
        ),
      );
    }
    if (epoch < epochs)
      await trainStep(model, optimizer, () => crossEntropy(gather(model.forward(graph), leaders), factions));
  }
  dispose([leaders, factions, ...Object.values(graph)]);
  optimizer.dispose();
  model.dispose();
  const player = scrubber(steps, { title: "Epoch", names, first: names.length - 1 });
  const learned = curves(
    { "members that are right": right },
    { title: "Right of 34", xLabel: "epoch", yLabel: "members", x: right.map((_, epoch) => epoch) },
  );
  return { pictures: [player, learned], right };
}
