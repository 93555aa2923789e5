import {
  type Buffer,
  checkOptions,
  clamp,
  type Layer,
  type Module,
  type Parameter,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, mul, sub, type Tensor } from "@tensorflow/tfjs-core";
import { checkGiven } from "./leaky.ts";
import { checkPerNeuron, perNeuron } from "./per-neuron.ts";
import { recurrentOptions, recurrentSpikes, type RecurrentSpikesOptions } from "./recurrent-spikes.ts";
import { neuronOptions, SpikingNeuron } from "./spiking-neuron.ts";
import type { SynapticOptions } from "./synaptic.ts";

/** Options for {@link RSynaptic}. */
export interface RSynapticOptions extends SynapticOptions, RecurrentSpikesOptions {}

/** The state of {@link RSynaptic}: `[batch, ...neuron]` each. */
export type RSynapticState = { readonly spk: Tensor; readonly syn: Tensor; readonly mem: Tensor };

/**
 * {@link Synaptic} neurons that get their own layer's spikes of the previous time step:
 *
 *     syn ← α syn + x + recurrent(spikes),   mem ← β mem + syn − reset · threshold
 *
 * The numbers, names and initial weights are those of snntorch's `RSynaptic`.
 */
export class RSynaptic extends SpikingNeuron<RSynapticState> {
  readonly beta: Parameter | Buffer;
  readonly alpha: Parameter | Buffer;
  /** The weight of own spikes, where there is no layer. */
  readonly v: Parameter | null;
  readonly recurrent: Module & Layer<Tensor, Tensor>;

  constructor(size: number | readonly number[], options: RSynapticOptions) {
    for (const name of ["alpha", "beta"]) checkGiven("RSynaptic", options, name);
    checkOptions("RSynaptic", options, [
      ...neuronOptions,
      ...recurrentOptions,
      "resetDelay",
      "alpha",
      "beta",
      "learnAlpha",
      "learnBeta",
    ]);
    const neurons = [size].flat().at(-1) ?? 0;
    checkPerNeuron("RSynaptic", "alpha", options.alpha, neurons);
    checkPerNeuron("RSynaptic", "beta", options.beta, neurons);
    const make = recurrentSpikes("RSynaptic", size, options);
    super("RSynaptic", size, options);
    this.beta = perNeuron(options.beta, options.learnBeta ?? false);
    this.alpha = perNeuron(options.alpha, options.learnAlpha ?? false);
    const { recurrent, v } = make();
    this.v = v;
    this.recurrent = recurrent;
  }

  override get torchLayout(): TorchLayout {
    return { ...super.torchLayout, v: { name: "V" } };
  }

  initialState(batch: number): RSynapticState {
    return { spk: this.zeros(batch), syn: this.zeros(batch), mem: this.zeros(batch) };
  }

  protected override advance(x: Tensor, { spk, syn, mem }: RSynapticState, reset: Tensor): RSynapticState {
    const current = add(add(mul(clamp(this.alpha, 0, 1), syn), x), this.recurrent.forward(spk));
    const next = add(mul(clamp(this.beta, 0, 1), mem), current);
    if (this.resetMechanism === "none") return { spk, syn: current, mem: next };
    const lost = this.resetMechanism === "zero" ? next : this.threshold;
    return { spk, syn: current, mem: sub(next, mul(reset, lost)) };
  }

  protected override withSpikes(state: RSynapticState, spk: Tensor): RSynapticState {
    return { ...state, spk };
  }
}
