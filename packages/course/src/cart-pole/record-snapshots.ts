// Learns to balance the pole as CleanRL's DQN does (seed 1, minutes) and writes snapshots.safetensors next to this file:
//   node packages/course/src/cart-pole/record-snapshots.ts
import { useBackend } from "@pellucid/backends";
import { copyWeights, Rng } from "@pellucid/core-train";
import { writeWeights } from "@pellucid/core-train/node";
import { dqn } from "@pellucid/rl";
import { make } from "@pellucid/rl/environments";
import { qNetwork, Snapshots, stored } from "./program.ts";

await useBackend({ only: "wasm" });
const rng = new Rng(1);
const network = qNetwork(rng);
const taken = new Snapshots(new Rng(0));
const left: number[] = [...stored];
const take = () => {
  const into = taken.nets[stored.length - left.length];
  if (into !== undefined) copyWeights(network, into);
  left.shift();
};
take();
for await (const { kind, step } of dqn(network, make("CartPole-v1"), { rng })) {
  if (kind === "update" && step >= (left[0] ?? Infinity)) take();
  if (left.length === 0) break;
}
await writeWeights(`${import.meta.dirname}/snapshots.safetensors`, taken);
