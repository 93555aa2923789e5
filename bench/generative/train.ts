import { useBackend } from "@pellucid/backends";
import { adam, compile, Optimizer, trainable, trainStep } from "@pellucid/core-train";
import type { Step } from "../contestant.ts";
import { noise, smallDiffusion, work } from "./work.ts";

/**
 * A training step on the same pictures, noise and time steps.
 *
 * @param backend `wasm`, or `wasm compiled`
 */
export async function prepare(backend: string): Promise<Step> {
  await useBackend({ only: "wasm" });
  const { net, diffusion } = smallDiffusion();
  const [x0, added] = [noise(1), noise(2)];
  const times = Array.from({ length: work.batch }, (_, i) => 12 * i);
  const optimizer = new Optimizer(adam({ learningRate: work.learningRate }), trainable(net));
  const step = () => trainStep(net, optimizer, () => diffusion.lossAt(x0, times, added));
  if (!backend.endsWith("compiled")) return step;
  const compiled = compile(step);
  await compiled.ready;
  return compiled;
}
