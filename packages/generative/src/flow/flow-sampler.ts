import type { Bijection } from "./bijection.ts";
import { checkRecord, type Module } from "@pellucid/core-train";
import { createSampler } from "../sampler/create-sampler.ts";
import type { ExactSampler } from "../sampler/sampler.ts";
import type { Flow } from "./flow.ts";

/**
 * A flow as a sampler, one step per layer, from noise to data: what diffusion models are sampled by too. `time` is how many layers are left.
 *
 * ```ts
 * for await (const { x } of flowSampler(flow).sample({ shape: [500, 2], rng })) show(x); // how noise becomes data
 * ```
 *
 * @throws {StructError} For what is not a flow.
 */
export function flowSampler(flow: Flow): ExactSampler {
  checkRecord("flowSampler", "flow", flow, ["transforms", "logProb"]);
  const layers = flow.transforms.toReversed();
  const sampler = createSampler({
    caller: "flowSampler",
    times: [...layers.keys(), layers.length].toReversed(),
    step: ({ step, x }) => ({ x: (layers[step] as Module & Bijection).inverse(x).output }),
  });
  return { ...sampler, logProb: (x) => flow.logProb(x) };
}
