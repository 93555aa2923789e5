import { LayerNorm, Module, relu, type Rng } from "@pellucid/core-train";
import {
  DeepGcn,
  type DeepGCNBlock,
  DeepGCNLayer,
  EdgeCnn,
  edgeIndexOf,
  EdgeList,
  Gae,
  Gat,
  Gcn,
  GCNConv,
  Gin,
  GraphSage,
  JumpingKnowledge,
  LightGcn,
  MLP,
  Node2Vec,
  type NodeGaussian,
  type NodeMap,
  Pna,
  SchNet,
  type SchNetOptions,
  Vgae,
} from "@pellucid/gnn";
import type { TestedLayer } from "@pellucid/testing";
import {
  add,
  mul,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { type ConvRow, edges } from "./convolutions.ts";

const labels = new EdgeList(Int32Array.of(0, 4, 2), Int32Array.of(3, 1, 2));
const others = new EdgeList(Int32Array.of(0, 5, 2, 1), Int32Array.of(4, 1, 0, 5));
const threeOthers = new EdgeList(Int32Array.of(0, 5, 2), Int32Array.of(4, 1, 0));
const degrees = [1, 2, 2, 1];

const plain = (make: (rng: Rng) => unknown): ConvRow => ({
  make: make as ConvRow["make"],
  input: ([x]) => ({ x, edgeIndex: edgeIndexOf(edges) }),
});
const featured = (make: (rng: Rng) => unknown): ConvRow => ({
  make: make as ConvRow["make"],
  input: ([x, edgeAttr]) => ({ x, edgeIndex: edgeIndexOf(edges), edgeAttr }),
});
const alone = (make: (rng: Rng) => unknown): ConvRow => ({
  make: make as ConvRow["make"],
  input: ([x]) => x,
});
const jumping = (make: (rng: Rng) => unknown): ConvRow => ({
  make: make as ConvRow["make"],
  input: (xs) => xs,
});
const block = (kind: DeepGCNBlock): ConvRow =>
  plain(
    (rng) =>
      new DeepGCNLayer(new GCNConv(3, 3, { rng }), new LayerNorm(3) as unknown as NodeMap, relu, {
        rng,
        block: kind,
        dropout: 0.3,
      }),
  );

/** A model whose output for a test is a loss; its names are those of the model. */
class WithLoss<M extends Module> extends Module {
  readonly model: M;
  readonly #loss: (model: M, inputs: readonly Tensor[]) => Tensor;

  constructor(model: M, loss: (model: M, inputs: readonly Tensor[]) => Tensor) {
    super();
    this.model = model;
    this.#loss = loss;
  }

  get torchLayout() {
    return { model: { name: "" } };
  }

  forward(inputs: readonly Tensor[]): Tensor {
    return this.#loss(this.model, inputs);
  }
}

function withLoss<M extends Module>(
  model: M,
  loss: (model: M, inputs: readonly Tensor[]) => Tensor,
): TestedLayer {
  return new WithLoss(model, loss) as unknown as TestedLayer;
}

const weights = (w: Tensor) => add(mul(w as Tensor1D, 0.5), 1) as Tensor1D;

class Encoder extends Module {
  readonly base: GCNConv;
  readonly mu: GCNConv;
  readonly logstd: GCNConv;

  constructor(rng: Rng) {
    super();
    this.base = new GCNConv(3, 4, { rng });
    this.mu = new GCNConv(4, 2, { rng });
    this.logstd = new GCNConv(4, 2, { rng });
  }

  forward({ x, edgeIndex }: { x: Tensor2D; edgeIndex: Tensor2D }): NodeGaussian {
    const h = relu(this.base.forward({ x, edgeIndex }));
    return { mu: this.mu.forward({ x: h, edgeIndex }), logstd: this.logstd.forward({ x: h, edgeIndex }) };
  }
}

const molecules = (options: Omit<SchNetOptions, "rng" | "cutoff">): ConvRow => ({
  make: ((rng: Rng) =>
    new SchNet(6, 5, 2, 4, { rng, cutoff: 1.5, ...options })) as unknown as ConvRow["make"],
  input: ([z, pos]) => ({ z, pos, batch: tensor1d([0, 0, 0, 1, 1, 1], "int32") }),
});
const elements = Array.from({ length: 100 }, (_, i) => i);

/** Rows by the titles of the fixture. */
export const models: Readonly<Record<string, ConvRow>> = {
  Gcn: {
    make: (rng) => new Gcn(3, 5, 3, { rng, outChannels: 2 }),
    input: ([x, w]) => ({ x, edgeIndex: edgeIndexOf(edges), edgeWeight: weights(w as Tensor) }),
  },
  "Gcn, hidden": plain((rng) => new Gcn(3, 4, 2, { rng, norm: "batch_norm", actFirst: true })),
  "Gcn, dropout": plain((rng) => new Gcn(3, 4, 3, { rng, outChannels: 2, dropout: 0.4 })),
  "Gcn, norm of graphs": {
    make: (rng) => new Gcn(3, 4, 2, { rng, outChannels: 2, norm: "graph_norm" }),
    input: ([x]) => ({
      x,
      edgeIndex: edgeIndexOf(edges),
      batch: tensor1d([0, 0, 0, 1, 1, 1], "int32"),
      numGraphs: 2,
    }),
  },
  "Gcn, jk cat": plain((rng) => new Gcn(3, 4, 3, { rng, outChannels: 2, jk: "cat" })),
  "Gcn, jk lstm": plain((rng) => new Gcn(3, 4, 3, { rng, outChannels: 2, jk: "lstm" })),
  "Gcn, jk last": plain((rng) => new Gcn(3, 4, 2, { rng, outChannels: 2, jk: "last", act: null })),
  GraphSage: plain((rng) => new GraphSage(3, 4, 2, { rng, outChannels: 2, jk: "max" })),
  Gin: plain((rng) => new Gin(3, 4, 2, { rng, outChannels: 2, norm: "batch_norm", trainEps: true })),
  EdgeCnn: plain((rng) => new EdgeCnn(3, 4, 2, { rng, outChannels: 2 })),
  Gat: plain((rng) => new Gat(3, 4, 2, { rng, outChannels: 3, heads: 2 })),
  "Gat, second": plain((rng) => new Gat(3, 4, 3, { rng, heads: 2, v2: true, dropout: 0.3 })),
  Pna: featured(
    (rng) =>
      new Pna(3, 4, 2, {
        rng,
        outChannels: 2,
        aggregators: ["mean", "std"],
        scalers: ["identity", "amplification"],
        degrees,
        edgeDim: 2,
      }),
  ),
  DeepGcn: featured((rng) => new DeepGcn(3, 4, 2, 3, { rng, edgeDim: 2, dropout: 0.3 })),
  "DeepGcn, dropout": featured((rng) => new DeepGcn(3, 4, 2, 3, { rng, edgeDim: 2, dropout: 0.3 })),
  "DeepGCNLayer, res+": block("res+"),
  "DeepGCNLayer, res": block("res"),
  "DeepGCNLayer, dense": block("dense"),
  "DeepGCNLayer, plain": block("plain"),
  "JumpingKnowledge, cat": jumping(() => new JumpingKnowledge("cat")),
  "JumpingKnowledge, max": jumping(() => new JumpingKnowledge("max")),
  "JumpingKnowledge, lstm": jumping(
    (rng) => new JumpingKnowledge("lstm", { channels: 3, numLayers: 3, rng }),
  ),
  MLP: alone((rng) => new MLP([3, 5, 4, 2], { rng })),
  "MLP, layer norm, dropout": alone(
    (rng) => new MLP([3, 5, 2], { rng, norm: "layer_norm", dropout: 0.3, plainLast: false, bias: false }),
  ),
  Gae: plain((rng) => new Gae(new Gcn(3, 4, 2, { rng, outChannels: 2 }), { rng })),
  "Gae, loss": {
    make: (rng) =>
      withLoss(new Gae(new Gcn(3, 4, 2, { rng, outChannels: 2 }), { rng }), (model, [x]) => {
        const edgeIndex = edgeIndexOf(edges);
        return model.reconLoss(
          model.forward({ x: x as Tensor2D, edgeIndex }),
          edgeIndex,
          edgeIndexOf(others),
        );
      }),
    input: (inputs) => inputs,
  },
  "Vgae, loss": {
    make: (rng) =>
      withLoss(new Vgae(new Encoder(rng), { rng }), (model, [x]) => {
        const edgeIndex = edgeIndexOf(edges);
        const found = model.forward({ x: x as Tensor2D, edgeIndex });
        const kl = mul(model.klLoss(found), 1 / 6);
        return add(model.reconLoss(found.z, edgeIndex, edgeIndexOf(others)), kl);
      }),
    input: (inputs) => inputs,
  },
  LightGcn: {
    make: (rng) => new LightGcn(6, 4, 3, { rng }) as unknown as TestedLayer,
    input: ([w]) => ({
      edgeIndex: edgeIndexOf(edges),
      edgeLabelIndex: edgeIndexOf(labels),
      edgeWeight: weights(w as Tensor),
    }),
  },
  "LightGcn, loss": {
    make: (rng) =>
      withLoss(new LightGcn(6, 4, 2, { rng, alpha: [0.5, 0.3, 0.2] }), (model, [w]) => {
        const score = (pairs: EdgeList) =>
          model.forward({
            edgeIndex: edgeIndexOf(edges),
            edgeLabelIndex: edgeIndexOf(pairs),
            edgeWeight: weights(w as Tensor),
          });
        return model.recommendationLoss(score(labels), score(threeOthers));
      }),
    input: (inputs) => inputs,
  },
  "Node2Vec, loss": {
    make: (rng) =>
      withLoss(
        new Node2Vec({ edgeIndex: edgeIndexOf(edges) }, 3, {
          rng,
          walkLength: 3,
          contextSize: 3,
          numNodes: 6,
        }),
        (model) =>
          model.loss({
            positive: tensor2d([0, 1, 2, 3, 4, 3, 5, 2, 1, 2, 0, 1], [4, 3], "int32"),
            negative: tensor2d([0, 5, 2, 3, 1, 1, 5, 5, 0, 2, 4, 3], [4, 3], "int32"),
          }),
      ),
    input: (inputs) => inputs,
  },
  SchNet: molecules({}),
  "SchNet, mean": molecules({
    readout: "mean",
    mean: 0.3,
    std: 2,
    atomref: elements.map((i) => Math.sin(i)),
  }),
  "SchNet, dipole": molecules({ dipole: elements.map((i) => 0.5 + (2.5 * i) / 99) }),
};
