import { checkOptions, checkRng, checkSizes, LSTMCell, type Rng } from "@pellucid/core-train";
import { mul, sub, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import { type NeuronOptions, neuronOptions, SpikingNeuron } from "./spiking-neuron.ts";

/** Options for {@link SLSTM}. */
export interface SLSTMOptions extends NeuronOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Whether to add biases. Default: true. */
  readonly bias?: boolean;
}

/** The state of {@link SLSTM}: the cell state and the hidden state, `[batch, hidden]` each. */
export type SLSTMState = { readonly syn: Tensor2D; readonly mem: Tensor2D };

/**
 * A long short-term memory whose hidden state is a membrane: it spikes above the threshold.
 *
 *     mem, syn ← LSTMCell(x, (mem, syn)),   mem ← mem − reset · threshold,   spike = mem > threshold
 *
 * By default nothing is reset, as `resetMechanism` is `"none"`; a reset never touches `syn`. A hidden state is below 1, so that a threshold of 1 is never reached: choose a smaller one. The rules, names and
 * initial weights are those of snntorch's `SLSTM`.
 */
export class SLSTM extends SpikingNeuron<SLSTMState> {
  readonly lstmCell: LSTMCell;
  readonly #inputSize: number;

  constructor(inputSize: number, hiddenSize: number, options: SLSTMOptions) {
    checkRng("SLSTM", options);
    checkOptions("SLSTM", options, [...neuronOptions, "rng", "bias"]);
    checkSizes("SLSTM", { inputSize, hiddenSize });
    const { rng, bias = true } = options;
    super("SLSTM", hiddenSize, options, "none");
    this.#inputSize = inputSize;
    this.lstmCell = new LSTMCell(inputSize, hiddenSize, { rng, bias });
  }

  protected override get inputShape(): readonly number[] {
    return [this.#inputSize];
  }

  initialState(batch: number): SLSTMState {
    const { h, c } = this.lstmCell.initialState(batch);
    return { syn: c, mem: h };
  }

  protected override advance(x: Tensor, { syn, mem }: SLSTMState, reset: Tensor): SLSTMState {
    const { h, c } = this.lstmCell.step(x as Tensor2D, { h: mem, c: syn }).state;
    if (this.resetMechanism === "none") return { syn: c, mem: h };
    const lost = this.resetMechanism === "zero" ? h : this.threshold;
    return { syn: c, mem: sub(h, mul(reset, lost)) };
  }
}
