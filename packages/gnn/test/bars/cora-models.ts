import {
  adam,
  Dropout,
  elu,
  Linear,
  Module,
  partition,
  relu,
  type Rng,
  type Transform,
} from "@pellucid/core-train";
import {
  APPNP,
  ChebConv,
  DeepGcn,
  GATConv,
  GatedGraphConv,
  Gcn,
  GCN2Conv,
  GCNConv,
  type Graph,
  type JumpingKnowledgeMode,
  MLP,
  SAGEConv,
} from "@pellucid/gnn";
import { type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { NodeModel, Recipe } from "./fit-nodes.ts";

const [features, classes] = [1433, 7];

/** Two convolutions with dropout before each. */
class Two extends Module {
  readonly conv1: Module & { forward(graph: Graph): Tensor2D };
  readonly conv2: Module & { forward(graph: Graph): Tensor2D };
  readonly dropout: Dropout;
  readonly act: (x: Tensor2D) => Tensor2D;

  constructor(
    conv1: NodeModel,
    conv2: NodeModel,
    {
      p,
      act = relu,
      rng,
    }: { readonly p: number; readonly act?: (x: Tensor2D) => Tensor2D; readonly rng: Rng },
  ) {
    super();
    this.conv1 = conv1;
    this.conv2 = conv2;
    this.dropout = new Dropout(p, { rng });
    this.act = act;
  }

  forward({ x, edgeIndex }: Graph): Tensor2D {
    const { conv1, conv2, dropout, act } = this;
    return tidy(() => {
      const h = act(conv1.forward({ x: dropout.forward(x), edgeIndex }));
      return conv2.forward({ x: dropout.forward(h), edgeIndex });
    });
  }
}

/** A network on each node, then ten steps of personalized PageRank. */
class Predicted extends Module {
  readonly lin1: Linear;
  readonly lin2: Linear;
  readonly prop: APPNP;
  readonly dropout: Dropout;

  constructor(rng: Rng) {
    super();
    this.lin1 = new Linear(features, 64, { rng });
    this.lin2 = new Linear(64, classes, { rng });
    this.prop = new APPNP(10, 0.1, { rng });
    this.dropout = new Dropout(0.5, { rng });
  }

  forward({ x, edgeIndex }: Graph): Tensor2D {
    const { lin1, lin2, prop, dropout } = this;
    return tidy(() => {
      const h = relu(lin1.forward(dropout.forward(x)));
      return prop.forward({ x: lin2.forward(dropout.forward(h)), edgeIndex });
    });
  }
}

/** GCNII of sixteen layers. */
class Gcn2 extends Module {
  readonly lins: readonly Linear[];
  readonly convs: readonly GCN2Conv[];
  readonly dropout: Dropout;

  constructor(rng: Rng) {
    super();
    this.lins = [new Linear(features, 64, { rng }), new Linear(64, classes, { rng })];
    this.convs = Array.from(
      { length: 16 },
      (_, i) => new GCN2Conv(64, 0.1, { rng, theta: 0.5, layer: i + 1 }),
    );
    this.dropout = new Dropout(0.6, { rng });
  }

  forward({ x, edgeIndex }: Graph): Tensor2D {
    const { lins, convs, dropout } = this;
    const [first, last] = lins as readonly [Linear, Linear];
    return tidy(() => {
      const x0 = relu(first.forward(dropout.forward(x)));
      let h = x0;
      for (const conv of convs) h = relu(conv.forward({ x: dropout.forward(h), x0, edgeIndex }));
      return last.forward(dropout.forward(h));
    });
  }
}

/** A gated graph network: two steps of one gated convolution. */
class Gated extends Module {
  readonly lin1: Linear;
  readonly conv: GatedGraphConv;
  readonly lin2: Linear;
  readonly dropout: Dropout;

  constructor(rng: Rng) {
    super();
    this.lin1 = new Linear(features, 32, { rng });
    this.conv = new GatedGraphConv(32, 2, { rng });
    this.lin2 = new Linear(32, classes, { rng });
    this.dropout = new Dropout(0.5, { rng });
  }

  forward({ x, edgeIndex }: Graph): Tensor2D {
    const { lin1, lin2, conv, dropout } = this;
    return tidy(() => {
      const h = relu(lin1.forward(dropout.forward(x)));
      return lin2.forward(dropout.forward(conv.forward({ x: h, edgeIndex })));
    });
  }
}

/** Each node by itself. */
class Alone extends Module {
  readonly mlp: MLP;
  readonly dropout: Dropout;

  constructor(rng: Rng) {
    super();
    this.mlp = new MLP([features, 16, classes], { rng, dropout: 0.5, norm: null });
    this.dropout = new Dropout(0.5, { rng });
  }

  forward({ x }: Graph): Tensor2D {
    return tidy(() => this.mlp.forward(this.dropout.forward(x)));
  }
}

const decayed = (learningRate: number) => adam({ learningRate, weightDecay: 5e-4 }) as Transform<never>;

/** What PyG reaches with them, in percent, and how far below it ours may be. */
export const shallow: Readonly<Record<string, Recipe & { readonly bar: number }>> = {
  GCN: {
    bar: 81.9,
    make: (rng) =>
      new Two(new GCNConv(features, 16, { rng }), new GCNConv(16, classes, { rng }), { rng, p: 0.5 }),
    transform: decayed(0.01),
  },
  GAT: {
    bar: 82.7,
    make: (rng) =>
      new Two(
        new GATConv(features, 8, { rng, heads: 8, dropout: 0.6 }),
        new GATConv(64, classes, { rng, concat: false, dropout: 0.6 }),
        { rng, p: 0.6, act: elu },
      ),
    transform: decayed(0.005),
  },
  SAGE: {
    bar: 80.6,
    make: (rng) =>
      new Two(new SAGEConv(features, 16, { rng }), new SAGEConv(16, classes, { rng }), { rng, p: 0.5 }),
    transform: decayed(0.01),
  },
  Cheb: {
    bar: 80.4,
    make: (rng) =>
      new Two(new ChebConv(features, 16, 2, { rng }), new ChebConv(16, classes, 2, { rng }), { rng, p: 0.5 }),
    transform: decayed(0.01),
  },
  APPNP: { bar: 83.1, make: (rng) => new Predicted(rng), transform: decayed(0.01) },
};

const jumping =
  (jk: JumpingKnowledgeMode): Recipe["make"] =>
  (rng) =>
    new Gcn(features, 16, 4, { rng, jk, outChannels: classes, dropout: 0.5 });

export const deep: Readonly<Record<string, Recipe & { readonly bar: number }>> = {
  "jumping knowledge, side by side": { bar: 76.6, make: jumping("cat"), transform: decayed(0.01) },
  "jumping knowledge, largest": { bar: 78.2, make: jumping("max"), transform: decayed(0.01) },
  "jumping knowledge, LSTM": { bar: 74.5, make: jumping("lstm"), transform: decayed(0.01) },
  "GCNII of 16 layers": {
    bar: 79.5,
    make: (rng) => new Gcn2(rng),
    transform: partition([
      {
        match: (path) => path.startsWith("convs."),
        transform: adam({ learningRate: 0.01, weightDecay: 0.01 }),
      },
      { match: (path) => path.startsWith("lins."), transform: decayed(0.01) },
    ]) as Transform<never>,
  },
  "DeeperGCN of 14 layers": {
    bar: 71.3,
    make: (rng) => new DeepGcn(features, 64, classes, 14, { rng, dropout: 0.5 }),
    transform: decayed(0.01),
  },
  "gated graph network": { bar: 75.8, make: (rng) => new Gated(rng), transform: decayed(0.01) },
  "network without the graph": { bar: 56.5, make: (rng) => new Alone(rng), transform: decayed(0.01) },
};
