import type { Held } from "./held.ts";
import type { Write } from "./op-source.ts";
import { literal } from "./python.ts";

/** A spike above 0, with the derivative of a smooth curve. */
const spike =
  (name: string, ...options: readonly string[]): Write =>
  ({ inputs: [x], node, support }) => {
    support("Spike");
    const args = options.map((option) => literal(node.attributes[option]));
    const { code } = x as Held;
    return { ...(x as Held), code: `${support(name)}(${[code, ...args].join(", ")})`, isAtom: true };
  };

/** The surrogate gradients that PyTorch lacks. */
export const spikeOps: Readonly<Record<string, Write>> = {
  PellucidSpikeAtan: spike("spike_atan", "alpha"),
  PellucidSpikeFastSigmoid: spike("spike_fast_sigmoid", "k"),
  PellucidSpikeSigmoid: spike("spike_sigmoid", "k"),
  PellucidSpikeStraightThrough: spike("spike_straight_through"),
};
