import { useBackend } from "@pellucid/backends";
import { adam, Optimizer, trainable, trainStep } from "@pellucid/core-train";
import type { Step } from "../contestant.ts";
import { noise, smallDiffusion, work } from "./work.ts";

/** A training step on the same pictures, noise and time steps. */
export async function prepare(): Promise<Step> {
  await useBackend({ only: "wasm" });
  const { net, diffusion } = smallDiffusion();
  const [x0, added] = [noise(1), noise(2)];
  const times = Array.from({ length: work.batch }, (_, i) => 12 * i);
  const optimizer = new Optimizer(adam({ learningRate: work.learningRate }), trainable(net));
  return () => trainStep(net, optimizer, () => diffusion.lossAt(x0, times, added));
}
