import { type Buffer, checkOptions, clamp, OptionError, type Parameter } from "@pellucid/core-train";
import { add, div, log, mul, neg, sub, type Tensor } from "@tensorflow/tfjs-core";
import { checkGiven } from "./leaky.ts";
import { checkPerNeuron, perNeuron, type PerNeuron } from "./per-neuron.ts";
import { type NeuronOptions, neuronOptions, SpikingNeuron } from "./spiking-neuron.ts";

/** Options for {@link Alpha}. Here the default of `resetMechanism` is `"zero"`. */
export interface AlphaOptions extends NeuronOptions {
  /** How much of the excitatory current is left after a time step; above β, below 1. */
  readonly alpha: PerNeuron;
  /** How much of the inhibitory current is left after a time step; above 0. */
  readonly beta: PerNeuron;
  /** Whether α is trained. Default: false. */
  readonly learnAlpha?: boolean;
  /** Whether β is trained. Default: false. */
  readonly learnBeta?: boolean;
}

/** The state of {@link Alpha}: `[batch, ...neuron]` each. */
export type AlphaState = { readonly synExc: Tensor; readonly synInh: Tensor; readonly mem: Tensor };

/**
 * Neurons whose membrane answers a spike with a delay, by the difference of two currents:
 *
 *     exc ← α exc + x,   inh ← β inh − x,   mem ← τ (exc + inh),   τ = log α / (log β − log α) + 1
 *
 * With `"zero"` all three become 0 after a spike. The numbers, names and defaults are those of snntorch's `Alpha`, `"subtract"` included.
 *
 * @throws {OptionError} Unless `0 < β < α < 1`.
 */
export class Alpha extends SpikingNeuron<AlphaState> {
  readonly beta: Parameter | Buffer;
  readonly alpha: Parameter | Buffer;

  constructor(size: number | readonly number[], options: AlphaOptions) {
    for (const name of ["alpha", "beta"]) checkGiven("Alpha", options, name);
    checkOptions("Alpha", options, [...neuronOptions, "alpha", "beta", "learnAlpha", "learnBeta"]);
    const neurons = [size].flat().at(-1) ?? 0;
    checkPerNeuron("Alpha", "alpha", options.alpha, neurons);
    checkPerNeuron("Alpha", "beta", options.beta, neurons);
    const [alphas, betas] = [[options.alpha].flat(), [options.beta].flat()];
    if (Math.max(...alphas) >= 1 || Math.min(...betas) <= 0 || Math.min(...alphas) <= Math.max(...betas))
      throw new OptionError(
        "Alpha",
        "beta",
        String(options.beta),
        `above 0 and below alpha, ${String(options.alpha)}, which is below 1`,
      );
    super("Alpha", size, options, "zero");
    this.beta = perNeuron(options.beta, options.learnBeta ?? false);
    this.alpha = perNeuron(options.alpha, options.learnAlpha ?? false);
  }

  initialState(batch: number): AlphaState {
    return { synExc: this.zeros(batch), synInh: this.zeros(batch), mem: this.zeros(batch) };
  }

  protected override advance(x: Tensor, { synExc, synInh }: AlphaState, reset: Tensor): AlphaState {
    const [alpha, beta] = [clamp(this.alpha, 0, 1), clamp(this.beta, 0, 1)];
    const tau = add(div(log(alpha), sub(log(beta), log(alpha))), 1);
    const exc = add(mul(alpha, synExc), x);
    const inh = sub(mul(beta, synInh), x);
    const mem = mul(tau, add(exc, inh));
    if (this.resetMechanism === "none") return { synExc: exc, synInh: inh, mem };
    const less = (of: Tensor, lost: Tensor) => sub(of, mul(reset, lost));
    if (this.resetMechanism === "zero")
      return { synExc: less(exc, exc), synInh: less(inh, inh), mem: less(mem, mem) };
    return { synExc: less(exc, this.threshold), synInh: less(inh, inh), mem: less(mem, neg(synInh)) };
  }
}
