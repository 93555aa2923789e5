import type { PythonTensor } from "./python-tensor.ts";
import type { Write } from "./op-source.ts";
import { literal } from "./python.ts";

/**
 * A call of a helper such as `spike_atan(x, alpha)`: 1 where `x > 0`, else 0, whose derivative is that of a smooth curve. All helpers need the class
 * `Spike` at the top of the file, a `torch.autograd.Function`.
 */
const spike =
  (name: string, ...options: readonly string[]): Write =>
  ({ inputs: [x], node, support }) => {
    support("Spike");
    const args = options.map((option) => literal(node.attributes[option]));
    const input = x as PythonTensor;
    return { ...input, code: `${support(name)}(${[input.code, ...args].join(", ")})`, isAtom: true };
  };

/** The spikes with surrogate gradients, which PyTorch lacks, by the names of our ops. */
export const spikeOps: Readonly<Record<string, Write>> = {
  PellucidSpikeAtan: spike("spike_atan", "alpha"),
  PellucidSpikeFastSigmoid: spike("spike_fast_sigmoid", "k"),
  PellucidSpikeSigmoid: spike("spike_sigmoid", "k"),
  PellucidSpikeStraightThrough: spike("spike_straight_through"),
};
