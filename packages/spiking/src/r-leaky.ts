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
import { checkPerNeuron, perNeuron, type PerNeuron } from "./per-neuron.ts";
import { recurrentOptions, recurrentSpikes, type RecurrentSpikesOptions } from "./recurrent-spikes.ts";
import {
  type NeuronOptions,
  neuronOptions,
  type ResetDelayOptions,
  SpikingNeuron,
} from "./spiking-neuron.ts";

/** Options for {@link RLeaky}. */
export interface RLeakyOptions extends NeuronOptions, ResetDelayOptions, RecurrentSpikesOptions {
  /** How much of the membrane is left after a time step, 0 to 1. */
  readonly beta: PerNeuron;
  /** Whether β is trained. Default: false. */
  readonly learnBeta?: boolean;
}

/** The state of {@link RLeaky}: `[batch, ...neuron]` each. */
export type RLeakyState = { readonly spk: Tensor; readonly mem: Tensor };

/**
 * Leaky integrate-and-fire neurons that get their own layer's spikes of the previous time step:
 *
 *     mem ← β mem + x + recurrent(spikes) − reset · threshold
 *
 * `recurrent` is a linear layer, a convolution, or one weight for each neuron. The numbers, names and initial weights are those of snntorch's `RLeaky`; there, other than in `Leaky`, a
 * reset `"zero"` also takes the new current.
 */
export class RLeaky extends SpikingNeuron<RLeakyState> {
  readonly beta: Parameter | Buffer;
  /** The weight of own spikes, where there is no layer. */
  readonly v: Parameter | null;
  readonly recurrent: Module & Layer<Tensor, Tensor>;

  constructor(size: number | readonly number[], options: RLeakyOptions) {
    checkGiven("RLeaky", options, "beta");
    checkOptions("RLeaky", options, [
      ...neuronOptions,
      ...recurrentOptions,
      "resetDelay",
      "beta",
      "learnBeta",
    ]);
    checkPerNeuron("RLeaky", "beta", options.beta, [size].flat().at(-1) ?? 0);
    const make = recurrentSpikes("RLeaky", size, options);
    super("RLeaky", size, options);
    this.beta = perNeuron(options.beta, options.learnBeta ?? false);
    const { recurrent, v } = make();
    this.v = v;
    this.recurrent = recurrent;
  }

  override get torchLayout(): TorchLayout {
    return { ...super.torchLayout, v: { name: "V" } };
  }

  initialState(batch: number): RLeakyState {
    return { spk: this.zeros(batch), mem: this.zeros(batch) };
  }

  protected override advance(x: Tensor, { spk, mem }: RLeakyState, reset: Tensor): RLeakyState {
    const current = add(x, this.recurrent.forward(spk));
    const next = add(mul(clamp(this.beta, 0, 1), mem), current);
    if (this.resetMechanism === "none") return { spk, mem: next };
    return { spk, mem: sub(next, mul(reset, this.resetMechanism === "zero" ? next : this.threshold)) };
  }

  protected override withSpikes(state: RLeakyState, spk: Tensor): RLeakyState {
    return { ...state, spk };
  }
}
