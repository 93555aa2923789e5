import { type Buffer, checkOptions, clamp, type Parameter } from "@pellucid/core-train";
import { add, mul, sub, type Tensor, unstack } from "@tensorflow/tfjs-core";
import { decayScan } from "./decay-scan.ts";
import { checkGiven } from "./leaky.ts";
import { checkPerNeuron, perNeuron, type PerNeuron } from "./per-neuron.ts";
import {
  type NeuronOptions,
  neuronOptions,
  type ResetDelayOptions,
  SpikingNeuron,
} from "./spiking-neuron.ts";

/** Options for {@link Synaptic}. */
export interface SynapticOptions extends NeuronOptions, ResetDelayOptions {
  /** How much of the synaptic current is left after a time step, 0 to 1. */
  readonly alpha: PerNeuron;
  /** How much of the membrane is left after a time step, 0 to 1. */
  readonly beta: PerNeuron;
  /** Whether α is trained. Default: false. */
  readonly learnAlpha?: boolean;
  /** Whether β is trained. Default: false. */
  readonly learnBeta?: boolean;
}

/** The state of {@link Synaptic}: `[batch, ...neuron]` each. */
export type SynapticState = { readonly syn: Tensor; readonly mem: Tensor };

/**
 * Leaky integrate-and-fire neurons whose synapses have a current of their own:
 *
 *     syn ← α syn + x,   mem ← β mem + syn − reset · threshold,   spike = mem > threshold
 *
 * With `"zero"`, a membrane that was above the threshold becomes 0, without the new current. The numbers, names and defaults are those of snntorch's `Synaptic`.
 */
export class Synaptic extends SpikingNeuron<SynapticState> {
  readonly beta: Parameter | Buffer;
  readonly alpha: Parameter | Buffer;

  constructor(size: number | readonly number[], options: SynapticOptions) {
    for (const name of ["alpha", "beta"]) checkGiven("Synaptic", options, name);
    checkOptions("Synaptic", options, [
      ...neuronOptions,
      "resetDelay",
      "alpha",
      "beta",
      "learnAlpha",
      "learnBeta",
    ]);
    const neurons = [size].flat().at(-1) ?? 0;
    checkPerNeuron("Synaptic", "alpha", options.alpha, neurons);
    checkPerNeuron("Synaptic", "beta", options.beta, neurons);
    super("Synaptic", size, options);
    this.beta = perNeuron(options.beta, options.learnBeta ?? false);
    this.alpha = perNeuron(options.alpha, options.learnAlpha ?? false);
  }

  initialState(batch: number): SynapticState {
    return { syn: this.zeros(batch), mem: this.zeros(batch) };
  }

  protected override advance(x: Tensor, { syn, mem }: SynapticState, reset: Tensor): SynapticState {
    const current = add(mul(clamp(this.alpha, 0, 1), syn), x);
    const next = add(mul(clamp(this.beta, 0, 1), mem), current);
    if (this.resetMechanism === "none") return { syn: current, mem: next };
    const lost = this.resetMechanism === "zero" ? next : this.threshold;
    return { syn: current, mem: sub(next, mul(reset, lost)) };
  }

  protected override scan(
    x: Tensor,
    { syn, mem }: SynapticState,
  ): { membranes: Tensor; state: SynapticState } | null {
    if (this.resetMechanism !== "none") return null;
    const currents = decayScan(x, clamp(this.alpha, 0, 1), syn); // [time, batch, ...neuron]
    const membranes = decayScan(currents, clamp(this.beta, 0, 1), mem);
    const last = (of: Tensor) => unstack(of, 0).at(-1) as Tensor;
    return { membranes, state: { syn: last(currents), mem: last(membranes) } };
  }
}
