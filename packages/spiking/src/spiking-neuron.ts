import {
  type Buffer,
  checkArguments,
  checkChoice,
  checkShape,
  checkSizes,
  DataError,
  detach,
  type HasTorchLayout,
  type Layer,
  Module,
  oneHot,
  OptionError,
  type Parameter,
  type SequenceLayer,
  stateBuffer,
  type Step,
  tidyLeaves,
  type TorchLayout,
  sizeAlong,
} from "@pellucid/core-train";
import {
  argMax,
  mul,
  reciprocal,
  reshape,
  stack,
  sub,
  type Tensor,
  tidy,
  unstack,
  zeros,
} from "@tensorflow/tfjs-core";
import { checkPerNeuron, perNeuron, type PerNeuron } from "./per-neuron.ts";
import { atanSurrogate, type Surrogate } from "./surrogate.ts";

/** How a membrane is reset after a spike. */
export type ResetMechanism = "subtract" | "zero" | "none";

/** Options of every neuron. */
export interface NeuronOptions {
  /** The membrane above which a neuron spikes. Default: 1. */
  readonly threshold?: PerNeuron;
  /** The gradient of a spike with respect to the membrane. Default: `atanSurrogate()`. */
  readonly spikeGrad?: Surrogate;
  /** Whether the threshold is trained. Default: false. */
  readonly learnThreshold?: boolean;
  /** How a membrane is reset after a spike: by the threshold, to 0, or not. Default: `"subtract"`. */
  readonly resetMechanism?: ResetMechanism;
  /** What a spike is worth. Default: 1. */
  readonly gradedSpikesFactor?: PerNeuron;
  /** Whether that is trained. Default: false. */
  readonly learnGradedSpikesFactor?: boolean;
  /** Whether only the neuron with the highest membrane may spike. Default: false. */
  readonly inhibition?: boolean;
}

/** Options of neurons that can reset in the time step of the spike. */
export interface ResetDelayOptions {
  /** Whether the reset comes one time step after the spike. Default: true. */
  readonly resetDelay?: boolean;
}

/** The names of {@link NeuronOptions}. */
export const neuronOptions = [
  "threshold",
  "spikeGrad",
  "learnThreshold",
  "resetMechanism",
  "gradedSpikesFactor",
  "learnGradedSpikesFactor",
  "inhibition",
] as const;

/** What a layer of neurons did. */
export type SpikeRecord<State> = {
  /** `[batch, time, ...neuron]` */
  readonly spikes: Tensor;
  /** Membranes after each time step, `[batch, time, ...neuron]`. */
  readonly membranes: Tensor;
  /** After the last time step. */
  readonly state: State;
};

/** The numbers of snntorch's `reset_mechanism_val`. */
const mechanisms = ["subtract", "zero", "none"] as const;

/**
 * A layer of neurons that integrate currents over time, and spike above a threshold. At each time step the membrane of the *previous* step decides about the reset,
 * and gradients do not go through it.
 *
 * It is a cell: `step` takes one time step, `forward` and `record` take all.
 */
export abstract class SpikingNeuron<State extends { readonly mem: Tensor }>
  extends Module
  implements SequenceLayer<Tensor, Tensor, State>, Layer<Tensor, Tensor>, HasTorchLayout
{
  /** The shape of one example: `[feature]`, or `[height, width, channel]`. */
  readonly size: readonly number[];
  readonly threshold: Parameter | Buffer;
  readonly gradedSpikesFactor: Parameter | Buffer;
  /** 0, 1 or 2, snntorch's number of the reset mechanism; it is stored, {@link resetMechanism} decides. */
  readonly resetMechanismVal: Buffer;
  readonly resetMechanism: ResetMechanism;
  readonly resetDelay: boolean;
  readonly spikeGrad: Surrogate;
  readonly inhibition: boolean;
  readonly #caller: string;

  constructor(
    caller: string,
    size: number | readonly number[],
    options: NeuronOptions & ResetDelayOptions,
    mechanism: ResetMechanism = "subtract",
  ) {
    super();
    checkArguments(new.target.name, { text: { caller }, record: { options } });
    const {
      threshold = 1,
      spikeGrad = atanSurrogate(),
      resetMechanism = mechanism,
      gradedSpikesFactor = 1,
    } = options;
    this.size = checkNeurons(caller, size);
    const neurons = this.size.at(-1) ?? 0;
    checkPerNeuron(caller, "threshold", threshold, neurons);
    checkPerNeuron(caller, "gradedSpikesFactor", gradedSpikesFactor, neurons);
    checkChoice(caller, "resetMechanism", resetMechanism, mechanisms);
    if (typeof spikeGrad !== "function")
      throw new OptionError(caller, "spikeGrad", String(spikeGrad), "a surrogate, such as atanSurrogate()");
    this.#caller = `${caller}(${this.size.join(" × ")})`;
    this.resetMechanism = resetMechanism;
    this.resetDelay = options.resetDelay ?? true;
    this.spikeGrad = spikeGrad;
    this.inhibition = options.inhibition ?? false;
    this.threshold = perNeuron(threshold, options.learnThreshold ?? false);
    this.gradedSpikesFactor = perNeuron(gradedSpikesFactor, options.learnGradedSpikesFactor ?? false);
    this.resetMechanismVal = stateBuffer({
      data: Int32Array.of(mechanisms.indexOf(resetMechanism)),
      shape: [],
    });
  }

  /** Older files also have the membrane, which is not read. */
  get torchLayout(): TorchLayout {
    return Object.fromEntries(
      ["mem", "syn", "spk", "syn_exc", "syn_inh"].map((name) => [name, { name, ignored: true }]),
    );
  }

  /** The shape of one input at one time step: that of the neurons, unless they have weights for it. */
  protected get inputShape(): readonly number[] {
    return this.size;
  }

  abstract initialState(batch: number): State;

  /**
   * The state after a time step, before neurons spike.
   *
   * @param reset 1 for neurons that spiked in the previous time step, `[batch, ...neuron]`
   */
  protected abstract advance(x: Tensor, state: State, reset: Tensor): State;

  /**
   * All time steps at once where that is the same as one after the other: `null` where resets depend on spikes.
   *
   * @param x `[time, batch, ...neuron]`
   * @returns the membranes, `[time, batch, ...neuron]`, and the state after the last time step
   */
  protected scan(_x: Tensor, _state: State): { membranes: Tensor; state: State } | null {
    return null;
  }

  /**
   * @param x currents of one time step, `[batch, ...neuron]`
   * @returns spikes `[batch, ...neuron]`
   */
  step(x: Tensor, state: State): Step<Tensor, State> {
    checkShape(this.#caller, "x", x, ["batch", ...this.inputShape]);
    checkShape(this.#caller, "state.mem", state.mem, [x.shape[0] ?? 0, ...this.size]);
    return tidyLeaves(() => this.#step(x, state)) as Step<Tensor, State>;
  }

  /**
   * @param x currents, `[batch, time, ...neuron]`
   * @returns spikes, `[batch, time, ...neuron]`
   */
  forward(x: Tensor): Tensor {
    return tidy(() => this.record(x).spikes);
  }

  /**
   * The spikes and membranes of a sequence.
   *
   * @param x currents, `[batch, time, ...neuron]`
   * @param initial the state before the first time step; it stays the caller's. Default: zeros.
   * @throws {DataError} If there is no time step.
   */
  record(x: Tensor, initial?: State): SpikeRecord<State> {
    checkShape(this.#caller, "x", x, ["batch", "time", ...this.inputShape]);
    if (x.shape[1] === 0) throw new DataError(`${this.#caller}: x has no time steps, expected one or more.`);
    return tidyLeaves(() => {
      let state = initial ?? this.initialState(sizeAlong(x, 0));
      const inputs = unstack(x, 1);
      const scanned = this.scan(stack(inputs, 0), state); // [time, batch, ...neuron]
      if (scanned !== null) {
        const membranes = stack(unstack(scanned.membranes, 0), 1); // [batch, time, ...neuron]
        return { spikes: this.#fire(membranes), membranes, state: scanned.state };
      }
      const [spikes, membranes]: [Tensor[], Tensor[]] = [[], []];
      for (const input of inputs) {
        const after = this.#step(input, state);
        state = after.state;
        spikes.push(after.output);
        membranes.push(state.mem);
      }
      return { spikes: stack(spikes, 1), membranes: stack(membranes, 1), state };
    }) as unknown as SpikeRecord<State>;
  }

  #step(x: Tensor, before: State): Step<Tensor, State> {
    const reset = detach(this.spikeGrad(sub(before.mem, this.threshold)));
    const after = this.advance(x, before, reset);
    const output = this.#fire(after.mem);
    const state = this.resetDelay ? after : { ...after, mem: this.#resetNow(after.mem, output, reset) };
    return { output, state: this.withSpikes(state, output) };
  }

  /** Keeps the spikes of a time step in the state; only recurrent neurons do. */
  protected withSpikes(state: State, _spikes: Tensor): State {
    return state;
  }

  /** The membranes that are compared with the threshold, where that is not each. */
  protected exposed(mem: Tensor): Tensor {
    return mem;
  }

  #fire(membranes: Tensor): Tensor {
    const mem = this.exposed(membranes);
    const spikes = mul(this.spikeGrad(sub(mem, this.threshold)), this.gradedSpikesFactor);
    if (!this.inhibition) return spikes;
    const neurons = mem.shape.slice(-this.size.length).reduce((a, b) => a * b, 1);
    const flat = reshape(sub(mem, this.threshold), [-1, neurons]);
    return mul(spikes, reshape(oneHot(argMax(flat, 1), neurons), mem.shape));
  }

  /** Resets in the time step of the spike, and takes back the reset for the previous one, as snntorch does. */
  #resetNow(mem: Tensor, spikes: Tensor, reset: Tensor): Tensor {
    const missing = sub(this.#ungraded(spikes), reset);
    if (this.resetMechanism === "subtract") return sub(mem, mul(missing, this.threshold));
    return this.resetMechanism === "zero" ? sub(mem, mul(missing, mem)) : mem;
  }

  #ungraded(spikes: Tensor): Tensor {
    return tidy(() => mul(spikes, reciprocal(this.gradedSpikesFactor)));
  }

  /** Zeros of the shape of a state. */
  protected zeros(batch: number): Tensor {
    checkSizes(this.#caller, { batch }, 0);
    return zeros([batch, ...this.size]);
  }
}

function checkNeurons(caller: string, size: number | readonly number[]): readonly number[] {
  const sizes = Array.isArray(size) ? (size as readonly number[]) : [size as number];
  if (sizes.length === 0) throw new OptionError(caller, "size", "[]", "one size or more");
  checkSizes(
    caller,
    Object.fromEntries(sizes.map((each, i) => [Array.isArray(size) ? `size[${i}]` : "size", each])),
  );
  return [...sizes];
}
