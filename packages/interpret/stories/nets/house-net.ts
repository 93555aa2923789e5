import { type Layer, Linear, Module, relu, Rng } from "@pellucid/core-train";
import { baShapes, type Graph, GraphConv, toGraph } from "@pellucid/gnn";
import { concat, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** The graph with planted houses that the net is trained on: 60 nodes of hubs and 12 houses of five. */
export const houses = () => baShapes({ rng: new Rng(3), numNodes: 60, houses: 12 });

/** The graph's tensors; the edges of houses are ones in `edgeLabel`. */
export const houseGraph = () => toGraph(houses());

/** Three graph convolutions whose outputs all go to the last layer: it finds a node's part in a house from the shape around it. 1,588 parameters. */
export class HouseNet extends Module implements Layer<Graph, Tensor2D> {
  readonly convs: readonly GraphConv[];
  readonly lin: Linear;

  constructor({ rng }: { readonly rng: Rng }) {
    super();
    const conv = (from: number) => new GraphConv(from, 16, { rng });
    this.convs = [conv(10), conv(16), conv(16)];
    this.lin = new Linear(48, 4, { rng });
  }

  /** @returns logits `[node, 4]` */
  forward(graph: Graph): Tensor2D {
    return tidy(() => {
      const outputs: Tensor2D[] = [];
      for (const conv of this.convs)
        outputs.push(relu(conv.forward({ ...graph, x: outputs.at(-1) ?? graph.x })));
      return this.lin.forward(concat(outputs, 1)); // [node, class]
    });
  }
}
