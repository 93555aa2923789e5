import { relu } from "@pellucid/core-train";
import { GCNConv } from "@pellucid/gnn";
import type { Step } from "../contestant.ts";
import { Net, prepareCora } from "./train-cora.ts";
import { classes, features } from "./work.ts";

export const prepare = (backend: string): Promise<Step> =>
  prepareCora(
    backend,
    (rng) => new Net(new GCNConv(features, 16, { rng }), new GCNConv(16, classes, { rng }), 0.5, relu, rng),
    0.01,
  );
