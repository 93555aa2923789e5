import { elu } from "@pellucid/core-train";
import { GATConv, type MessagePassing } from "@pellucid/gnn";
import type { Step } from "../contestant.ts";
import { Net, prepareCora } from "./train-cora.ts";
import { classes, features } from "./work.ts";

export const prepare = (backend: string): Promise<Step> =>
  prepareCora(
    backend,
    (rng) => {
      const first = new GATConv(features, 8, { rng, heads: 8, dropout: 0.6 });
      const second = new GATConv(64, classes, { rng, concat: false, dropout: 0.6 });
      return new Net(first as MessagePassing, second as MessagePassing, 0.6, elu, rng);
    },
    0.005,
  );
