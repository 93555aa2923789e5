import {
  type Buffer,
  checkOptions,
  checkPositive,
  OptionError,
  stateBuffer,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, div, mul, sub, type Tensor } from "@tensorflow/tfjs-core";
import type { LeakyState } from "./leaky.ts";
import { type NeuronOptions, neuronOptions, SpikingNeuron } from "./spiking-neuron.ts";

/** Options for {@link Lapicque}: β, or R and C, or β and one of them. */
export interface LapicqueOptions extends NeuronOptions {
  /** `exp(−timeStep / (R C))`, between 0 and 1. */
  readonly beta?: number;
  /** The resistance. Default: 1 where only β is given. */
  readonly r?: number;
  /** The capacitance. */
  readonly c?: number;
  /** The duration of a time step. Default: 1. */
  readonly timeStep?: number;
}

/**
 * Integrate-and-fire neurons as a circuit of a resistor and a capacitor, by Euler's rule:
 *
 *     mem ← x · timeStep / C + (1 − timeStep / (R C)) mem − reset · threshold
 *
 * Lapicque, 1907; Brunel and van Rossum, 2007. The numbers, names and defaults are those of snntorch's `Lapicque`; with `"zero"` a membrane that was above the threshold becomes 0, without the new current.
 *
 * @throws {OptionError} Unless β, R and C determine each other.
 */
export class Lapicque extends SpikingNeuron<LeakyState> {
  readonly beta: Buffer;
  readonly timeStep: Buffer;
  readonly r: Buffer;
  readonly c: Buffer;

  constructor(size: number | readonly number[], options: LapicqueOptions) {
    checkOptions("Lapicque", options, [...neuronOptions, "beta", "r", "c", "timeStep"]);
    const { beta, r, c, timeStep } = circuit(options);
    super("Lapicque", size, options);
    const held = (value: number) => stateBuffer({ data: Float32Array.of(value), shape: [] });
    this.beta = held(beta);
    this.timeStep = held(timeStep);
    this.r = held(r);
    this.c = held(c);
  }

  override get torchLayout(): TorchLayout {
    return { ...super.torchLayout, r: { name: "R" }, c: { name: "C" } };
  }

  initialState(batch: number): LeakyState {
    return { mem: this.zeros(batch) };
  }

  protected override advance(x: Tensor, { mem }: LeakyState, reset: Tensor): LeakyState {
    const { r, c, timeStep } = this;
    const leak = sub(1, div(timeStep, mul(r, c)));
    const next = add(mul(x, div(timeStep, c)), mul(leak, mem));
    if (this.resetMechanism === "none") return { mem: next };
    return { mem: sub(next, mul(reset, this.resetMechanism === "zero" ? next : this.threshold)) };
  }
}

function circuit({ beta, r, c, timeStep = 1 }: LapicqueOptions) {
  const given = Object.entries({ beta, r, c }).filter(([, value]) => value !== undefined);
  checkPositive("Lapicque", { ...Object.fromEntries(given), timeStep });
  if (beta !== undefined && beta >= 1) throw new OptionError("Lapicque", "beta", beta, "a number below 1");
  if (beta === undefined) {
    if (r === undefined || c === undefined)
      throw new OptionError("Lapicque", "beta", "missing", "beta, or both r and c, or beta with one of them");
    return { beta: Math.exp(-timeStep / (r * c)), r, c, timeStep };
  }
  if (r !== undefined && c !== undefined)
    throw new OptionError("Lapicque", "c", c, "only two of beta, r and c");
  const product = timeStep / Math.log(1 / beta);
  if (c !== undefined) return { beta, r: product / c, c, timeStep };
  return { beta, r: r ?? 1, c: product / (r ?? 1), timeStep };
}
