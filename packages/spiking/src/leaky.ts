import { type Buffer, checkOptions, clamp, OptionError, type Parameter } from "@pellucid/core-train";
import { add, mul, sub, type Tensor, unstack } from "@tensorflow/tfjs-core";
import { decayScan } from "./decay-scan.ts";
import { checkPerNeuron, perNeuron, type PerNeuron } from "./per-neuron.ts";
import {
  type NeuronOptions,
  neuronOptions,
  type ResetDelayOptions,
  SpikingNeuron,
} from "./spiking-neuron.ts";

/** Options for {@link Leaky}. */
export interface LeakyOptions extends NeuronOptions, ResetDelayOptions {
  /** How much of the membrane is left after a time step; between 0 and 1, to which it is clamped. */
  readonly beta: PerNeuron;
  /** Whether β is trained. Default: false. */
  readonly learnBeta?: boolean;
}

/** The state of {@link Leaky} and {@link Lapicque}: `[batch, ...neuron]`. */
export type LeakyState = { readonly mem: Tensor };

/**
 * Leaky integrate-and-fire neurons:
 *
 *     mem ← β mem + x − reset · threshold,   spike = mem > threshold
 *
 * with `reset` 1 where the previous membrane was above the threshold. With `"zero"` the previous membrane counts as 0 there, and `x` stays. Without a reset the membranes of
 * a sequence are computed by {@link decayScan}.
 *
 * The numbers, names and defaults are those of snntorch's `Leaky`. So is what happens without a delay: where the membrane that is left after a reset is still above the threshold, the next time step
 * takes one reset back, and such a neuron falls silent.
 *
 * @param size the number of neurons, or the shape of one example: `[height, width, channel]` after a convolution
 */
export class Leaky extends SpikingNeuron<LeakyState> {
  readonly beta: Parameter | Buffer;

  constructor(size: number | readonly number[], options: LeakyOptions) {
    checkGiven("Leaky", options, "beta");
    checkOptions("Leaky", options, [...neuronOptions, "resetDelay", "beta", "learnBeta"]);
    checkPerNeuron("Leaky", "beta", options.beta, [size].flat().at(-1) ?? 0);
    super("Leaky", size, options);
    this.beta = perNeuron(options.beta, options.learnBeta ?? false);
  }

  initialState(batch: number): LeakyState {
    return { mem: this.zeros(batch) };
  }

  protected override advance(x: Tensor, { mem }: LeakyState, reset: Tensor): LeakyState {
    const beta = clamp(this.beta, 0, 1);
    if (this.resetMechanism === "zero") return { mem: add(mul(beta, mul(sub(1, reset), mem)), x) };
    const next = add(mul(beta, mem), x);
    return { mem: this.resetMechanism === "none" ? next : sub(next, mul(reset, this.threshold)) };
  }

  protected override scan(x: Tensor, { mem }: LeakyState): { membranes: Tensor; state: LeakyState } | null {
    if (this.resetMechanism !== "none") return null;
    const membranes = decayScan(x, clamp(this.beta, 0, 1), mem); // [time, batch, ...neuron]
    return { membranes, state: { mem: unstack(membranes, 0).at(-1) as Tensor } };
  }
}

/** Throws an {@link OptionError} unless there are options with `name`. */
export function checkGiven(caller: string, options: object | null | undefined, name: string): void {
  if (typeof options !== "object" || options === null)
    throw new OptionError(caller, "options", String(options), `options { ${name} }`);
  if (!(name in options)) throw new OptionError(caller, name, "missing", "a number");
}
