import {
  type AnyLayer,
  type Layer,
  Module,
  type SequenceLayer,
  type Step,
  tidyLeaves,
} from "@pellucid/core-train";
import { clone, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { OverTime } from "./over-time.ts";
import { SpikingNeuron } from "./spiking-neuron.ts";

/** The state of each layer of neurons, in order. */
export type SpikingState = readonly { readonly mem: Tensor }[];

/** What went through one layer of a {@link SpikingSequential}. */
export type LayerRecord = {
  /** `[batch, time, …]`; spikes, of a layer of neurons */
  readonly output: Tensor;
  /** Membranes after each time step, of a layer of neurons; of others the output. */
  readonly membranes: Tensor;
};

/**
 * Layers of weights and of neurons one after the other, over time. Each is named by its position, as in PyTorch: `0.weight`, `1.beta`, ….
 *
 * ```ts
 * const net = new SpikingSequential(new Linear(64, 128, { rng }), new Leaky(128, { beta: 0.9 }), new Linear(128, 10, { rng }), new Leaky(10, { beta: 0.9 }));
 * const spikes = net.forward(rate(x, 20, { rng })); // [batch, time, 10]
 * ```
 *
 * Whole sequences go through one layer after the other, which is the same as all layers time step by time step. Layers that are not {@link Linear}, neurons or {@link OverTime} are applied to
 * each time step.
 */
export class SpikingSequential
  extends Module
  implements Layer<Tensor, Tensor>, SequenceLayer<Tensor, Tensor, SpikingState>
{
  readonly [position: number]: AnyLayer;

  constructor(...layers: readonly AnyLayer[]) {
    super();
    Object.assign(this, layers);
  }

  /** The layers in order. */
  get layers(): readonly AnyLayer[] {
    const fields = Object.entries(this) as [string, AnyLayer][];
    return fields.filter(([position]) => /^\d+$/.test(position)).map(([, layer]) => layer);
  }

  /**
   * @param x `[batch, time, …]`
   * @returns `[batch, time, …]`, the spikes of the last layer
   */
  forward(x: Tensor): Tensor {
    return tidy(() => this.record(x).at(-1)?.output ?? x);
  }

  /**
   * What goes through every layer.
   *
   * @param x `[batch, time, …]`
   */
  record(x: Tensor): LayerRecord[] {
    return tidyLeaves(() => {
      let input = x;
      return this.layers.map((layer) => {
        const before = input;
        if (layer instanceof SpikingNeuron) {
          const { spikes, membranes } = layer.record(before);
          input = spikes;
          return { output: spikes, membranes };
        }
        input = layer.forward(before as never) as Tensor;
        return { output: input, membranes: clone(input) };
      });
    }) as LayerRecord[];
  }

  initialState(batch: number): SpikingState {
    return this.#neurons().map((layer) => layer.initialState(batch));
  }

  /**
   * @param x one time step, `[batch, …]`
   * @param state of each layer of neurons
   */
  step(x: Tensor, state: SpikingState): Step<Tensor, SpikingState> {
    return tidyLeaves(() => {
      const after: { readonly mem: Tensor }[] = [];
      const output = this.layers.reduce((input: Tensor, layer) => {
        if (!(layer instanceof SpikingNeuron)) {
          const inner = layer instanceof OverTime ? layer.layer : layer;
          return inner.forward(input as never) as Tensor;
        }
        const step = layer.step(input, state[after.length] as { readonly mem: Tensor });
        after.push(step.state);
        return step.output;
      }, x);
      return { output, state: after };
    }) as Step<Tensor, SpikingState>;
  }

  #neurons(): SpikingNeuron<{ readonly mem: Tensor }>[] {
    return this.layers.filter((layer) => layer instanceof SpikingNeuron);
  }
}
