// Models of Cora's nodes, trained on sampled parts of the graph and tested on all of it.
import {
  adam,
  crossEntropy,
  Dropout,
  type HostTensor,
  Linear,
  Module,
  Optimizer,
  relu,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import {
  clusterSampler,
  type ConvGraph,
  GCNConv,
  graphBatches,
  GraphConv,
  hostEdges,
  neighborLists,
  neighborSampler,
  partitionGraph,
  propagate,
  SAGEConv,
  type SampledLayer,
  sampleLayers,
  saintSampler,
  visitedNeighbors,
} from "@pellucid/gnn";
import {
  cast,
  div,
  gather,
  mul,
  slice,
  sum,
  type Tensor,
  type Tensor1D,
  tensor1d,
  type Tensor2D,
  tensor2d,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { cora } from "./cora.ts";
import { accuracy } from "./fit-nodes.ts";

const [features, hidden, classes] = [1433, 16, 7];
type Conv = Module & { forward(graph: ConvGraph): Tensor2D };
type Split = ReturnType<typeof cora>;

/** Two convolutions with dropout before each. */
class Two extends Module {
  readonly conv1: Conv;
  readonly conv2: Conv;
  readonly dropout: Dropout;

  constructor(make: (from: number, to: number) => Conv, rng: Rng) {
    super();
    this.conv1 = make(features, hidden);
    this.conv2 = make(hidden, classes);
    this.dropout = new Dropout(0.5, { rng });
  }

  forward(graph: ConvGraph): Tensor2D {
    const { conv1, conv2, dropout } = this;
    return tidy(() => {
      const h = relu(conv1.forward({ ...graph, x: dropout.forward(graph.x) }));
      return conv2.forward({ ...graph, x: dropout.forward(h) });
    });
  }
}

/** From nodes below to nodes above, with a weight for each edge. */
interface Layered {
  readonly edgeIndex: Tensor2D;
  readonly edgeWeight: Tensor1D;
  readonly targets: number;
}

/** A graph convolutional network whose normalization is given, so that a sampler can correct it. */
class Weighted extends Module {
  readonly lin1: Linear;
  readonly lin2: Linear;
  readonly dropout: Dropout;

  constructor(rng: Rng) {
    super();
    this.lin1 = new Linear(features, hidden, { rng });
    this.lin2 = new Linear(hidden, classes, { rng });
    this.dropout = new Dropout(0.5, { rng });
  }

  /** @param layers from the input up */
  forward(x: Tensor2D, [first, second]: readonly [Layered, Layered]): Tensor2D {
    const { lin1, lin2, dropout } = this;
    const send = (rows: Tensor2D, { targets, ...edges }: Layered) =>
      propagate({ ...edges, x: [rows, zeros([targets, 1])] }) as Tensor2D;
    return tidy(() => {
      const h = relu(send(lin1.forward(dropout.forward(x)), first));
      return send(lin2.forward(dropout.forward(h)), second);
    });
  }
}

const split = (): Split => cora();

/** The edges with a loop of each node, and the weights of GCN's normalization: `1 / √(dᵢ dⱼ)`. */
function normalized({ data }: Split) {
  const { sources, targets, numNodes } = hostEdges(data);
  const nodes = Int32Array.from({ length: numNodes }, (_, v) => v);
  const [from, to] = [Int32Array.of(...sources, ...nodes), Int32Array.of(...targets, ...nodes)];
  const degrees = new Float64Array(numNodes);
  for (const v of to) degrees[v] = (degrees[v] as number) + 1;
  const weights = Float32Array.from(
    from,
    (j, e) => 1 / Math.sqrt((degrees[j] as number) * (degrees[to[e] as number] as number)),
  );
  return { numNodes, sources: from, targets: to, weights };
}

const layered = (
  sources: Int32Array,
  dests: Int32Array,
  weights: Float32Array,
  targets: number,
): Layered => ({
  edgeIndex: tensor2d([...sources, ...dests], [2, sources.length], "int32"),
  edgeWeight: tensor1d(weights),
  targets,
});

/** A way to train: an epoch of steps, and the logits of all nodes. */
interface Method {
  readonly model: Module;
  epoch(step: (loss: () => Tensor) => Promise<unknown>): Promise<void>;
  logits(): Tensor2D;
}

type Make = (rng: Rng) => Method;

/** The whole graph as a `Weighted` model sees it. */
function whole(own: Split) {
  const { sources, targets, weights, numNodes } = normalized(own);
  const layer = layered(sources, targets, weights, numNodes);
  return { x: tensor2d(own.data.x.data, [numNodes, features]), layers: [layer, layer] as const };
}

/** The loss of the training nodes of a graph, each weighted. */
function weightedLoss(logits: Tensor2D, y: Tensor, weights: Tensor1D): Tensor {
  return sum(mul(crossEntropy(logits, y as Tensor1D, { reduction: "none" }), weights));
}

function convolved(make: (rng: Rng) => (from: number, to: number) => Conv, rng: Rng) {
  const own = split();
  const model = new Two(make(rng), rng);
  const x = tensor2d(own.data.x.data, [own.labels.length, features]);
  const edgeIndex = tensor2d(own.data.edgeIndex.data, [2, own.data.edgeIndex.data.length / 2], "int32");
  return { own, model, x, edgeIndex, logits: () => model.forward({ x, edgeIndex }) };
}

const sage = (rng: Rng) => (from: number, to: number) => new SAGEConv(from, to, { rng }) as Conv;
const gcn = (rng: Rng) => (from: number, to: number) => new GCNConv(from, to, { rng });

function fullBatch(make: typeof sage): Make {
  return (rng) => {
    const { own, model, logits } = convolved(make, rng);
    const nodes = tensor1d(own.train, "int32");
    const labels = gather(tensor1d(own.labels, "int32"), nodes);
    return {
      model,
      logits,
      async epoch(step) {
        await step(() => crossEntropy(gather(logits(), nodes), labels));
      },
    };
  };
}

const byNeighbors: Make = (rng) => {
  const { own, model, logits } = convolved(sage, rng);
  const sampler = neighborSampler(own.data, [10, 10], { nodes: own.train });
  const loader = graphBatches(sampler, { size: 70, shuffle: true, rng });
  return {
    model,
    logits,
    async epoch(step) {
      for await (const batch of loader)
        await step(() =>
          crossEntropy(
            gather(model.forward(batch as never), batch.seeds),
            gather(batch.y as Tensor1D, batch.seeds),
          ),
        );
    },
  };
};

/** Neighbours that walks visit, with the shares of visits as weights, two hops of them. */
const byVisits: Make = (rng) => {
  const own = split();
  const model = new Two((from, to) => new GraphConv(from, to, { rng }) as Conv, rng);
  const lists = neighborLists(hostEdges(own.data));
  const x = tensor2d(own.data.x.data, [own.labels.length, features]);
  const labels = gather(tensor1d(own.labels, "int32"), tensor1d(own.train, "int32"));
  const visitsOf = (nodes: Int32Array, from: Rng) => visitedNeighbors(lists, nodes, 10, { rng: from });
  const all = Int32Array.from({ length: own.labels.length }, (_, v) => v);
  const final = visitsOf(all, new Rng(0));
  const graph = layered(final.sources, final.targets, final.weights, all.length);
  return {
    model,
    logits: () => model.forward({ x, ...graph }),
    async epoch(step) {
      const near = visitsOf(own.train, rng);
      const inner = Int32Array.from(new Set([...own.train, ...near.sources]));
      const far = visitsOf(inner, rng);
      const nodes = Int32Array.from(new Set([...inner, ...far.sources]));
      const row = new Map(Array.from(nodes, (v, i) => [v, i]));
      const sources = far.sources.map((v) => row.get(v) as number);
      await step(() =>
        crossEntropy(
          slice(
            model.forward({
              x: gather(x, tensor1d(nodes, "int32")),
              ...layered(sources, far.targets, far.weights, nodes.length),
            }),
            [0, 0],
            [own.train.length, classes],
          ),
          labels,
        ),
      );
    },
  };
};

const byLayers =
  (scheme: "fastGcn" | "ladies"): Make =>
  (rng) => {
    const own = split();
    const edges = normalized(own);
    const lists = neighborLists(edges);
    const model = new Weighted(rng);
    const { x, layers } = whole(own);
    const labels = gather(tensor1d(own.labels, "int32"), tensor1d(own.train, "int32"));
    return {
      model,
      logits: () => model.forward(x, layers),
      async epoch(step) {
        const sampled = sampleLayers(lists, edges.weights, own.train, [400, 400], { rng, scheme });
        const [top, bottom] = sampled as [SampledLayer, SampledLayer];
        await step(() => {
          const [first, second] = [bottom, top].map((one) =>
            layered(one.sources, one.targets, one.weights, one.numTargets),
          ) as [Layered, Layered];
          const rows = gather(x, tensor1d(bottom.nodes, "int32"));
          return crossEntropy(model.forward(rows, [first, second]), labels);
        });
      },
    };
  };

/** One for each training node. */
const maskOf = ({ train, labels }: Split): HostTensor<Uint8Array> => {
  const mask = new Uint8Array(labels.length);
  for (const v of train) mask[v] = 1;
  return { data: mask, shape: [mask.length] };
};

const byClusters: Make = (rng) => {
  const { own, model, logits } = convolved(gcn, rng);
  const { parts } = partitionGraph(hostEdges(own.data), 10, { rng });
  const sampler = clusterSampler({ ...own.data, trainMask: maskOf(own) }, parts);
  const loader = graphBatches(sampler, { size: 5, shuffle: true, rng });
  return {
    model,
    logits,
    async epoch(step) {
      for await (const batch of loader)
        await step(() => {
          const mask = cast(batch.trainMask as Tensor1D, "float32");
          const loss = weightedLoss(model.forward(batch as never), batch.y as Tensor, mask);
          return div(loss, sum(mask));
        });
    },
  };
};

const bySaint =
  (method: "node" | "edge" | "walk", budget: number): Make =>
  (rng) => {
    const own = split();
    const { numNodes, ...edges } = normalized(own);
    const model = new Weighted(rng);
    const { x, layers } = whole(own);
    const edgeIndex = {
      data: Int32Array.of(...edges.sources, ...edges.targets),
      shape: [2, edges.sources.length],
    };
    const edgeWeight = { data: edges.weights, shape: [edges.weights.length] };
    const data = { ...own.data, edgeIndex, edgeWeight, trainMask: maskOf(own) };
    const sampler = saintSampler(data, { rng, method, budget, steps: 2 });
    const loader = graphBatches(sampler, { size: 1, rng });
    const scale = numNodes / own.train.length;
    return {
      model,
      logits: () => model.forward(x, layers),
      async epoch(step) {
        for await (const batch of loader)
          await step(() => {
            const layer = {
              edgeIndex: batch.edgeIndex as Tensor2D,
              edgeWeight: mul(batch.edgeWeight as Tensor1D, batch.edgeNorm) as Tensor1D,
              targets: batch.x.shape[0] as number,
            };
            const norm = mul(mul(cast(batch.trainMask as Tensor, "float32"), batch.nodeNorm), scale);
            const output = model.forward(batch.x as Tensor2D, [layer, layer]);
            return weightedLoss(output, batch.y as Tensor, norm as Tensor1D);
          });
      },
    };
  };

/** Each sampler, and the model on the whole graph that it is to match. */
export const methods: Readonly<Record<string, { readonly make: Make; readonly like: "GCN" | "SAGE" }>> = {
  "neighbors of GraphSAGE": { make: byNeighbors, like: "SAGE" },
  "neighbors of PinSAGE": { make: byVisits, like: "SAGE" },
  "layers of FastGCN": { make: byLayers("fastGcn"), like: "GCN" },
  "layers of LADIES": { make: byLayers("ladies"), like: "GCN" },
  "clusters of ClusterGCN": { make: byClusters, like: "GCN" },
  "nodes of GraphSAINT": { make: bySaint("node", 1500), like: "GCN" },
  "edges of GraphSAINT": { make: bySaint("edge", 1200), like: "GCN" },
  "walks of GraphSAINT": { make: bySaint("walk", 600), like: "GCN" },
};

export const onAll: Readonly<Record<"GCN" | "SAGE", Make>> = { GCN: fullBatch(gcn), SAGE: fullBatch(sage) };

/** The accuracy on the test nodes at the first epoch that is best on the validation nodes. */
export async function accuracyOf(make: Make, epochs: number, seed: number): Promise<number> {
  const { labels, val, test } = split();
  const method = make(new Rng(seed));
  const optimizer = new Optimizer(adam({ learningRate: 0.01, weightDecay: 5e-4 }), trainable(method.model));
  let [best, tested] = [0, 0];
  for (let epoch = 0; epoch < epochs; epoch++) {
    await method.epoch((loss) => trainStep(method.model, optimizer, loss));
    const logits = method.logits();
    const valid = accuracy(logits, labels, val);
    if (valid > best) [best, tested] = [valid, accuracy(logits, labels, test)];
    logits.dispose();
  }
  optimizer.dispose();
  method.model.dispose();
  return tested;
}
