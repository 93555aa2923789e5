import {
  type AnyLayer,
  checkArguments,
  checkNotNegative,
  checkOptions,
  Conv2d,
  conv2d,
  Linear,
} from "@pellucid/core-train";
import {
  cast,
  mul,
  notEqual,
  onesLike,
  type Rank,
  reshape,
  scalar,
  stack,
  sum,
  type Tensor,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { OverTime } from "./over-time.ts";
import { SpikingNeuron } from "./spiking-neuron.ts";
import type { LayerRecord, SpikingSequential } from "./spiking-sequential.ts";

/** Options for {@link energyCount}. */
export interface EnergyCountOptions {
  /** The energy of an addition, in picojoule. Default: 0.9, of 32-bit floats in a 45 nm process. */
  readonly additionEnergy?: number;
  /** The energy of a multiplication with its addition, in picojoule. Default: 4.6. */
  readonly multiplicationEnergy?: number;
}

/** What a network did, for the whole batch and all time steps. */
export interface EnergyCount {
  /** The spikes of each layer of neurons, in order. */
  readonly spikes: readonly number[];
  /** Additions of weights that inputs other than 0 cause, over all layers of weights. */
  readonly synapticOperations: number;
  /** What the same layers would multiply and add if every input counted at every time step. */
  readonly denseOperations: number;
  /** In picojoule, of the additions. */
  readonly energy: number;
  /** In picojoule, of the multiplications that a network without spikes of the same shape needs for one time step. */
  readonly denseEnergy: number;
}

/**
 * Counts what a spiking network has to do: only spikes cause work. Layers of weights that count are {@link Linear} and {@link Conv2d}, also {@link OverTime}; biases and membranes are not counted. Inputs that
 * are not 0 or 1 count as a spike each, although they would need a multiplication.
 *
 * Horowitz, 2014. Computing's energy problem, for the energies.
 *
 * @param x `[batch, time, …]`
 */
export async function energyCount(
  net: SpikingSequential,
  x: Tensor,
  options: EnergyCountOptions = {},
): Promise<EnergyCount> {
  checkArguments("energyCount", { module: { net }, "{ layers }": { net }, tensor: { x } });
  checkOptions("energyCount", options, ["additionEnergy", "multiplicationEnergy"]);
  const { additionEnergy = 0.9, multiplicationEnergy = 4.6 } = options;
  checkNotNegative("energyCount", { additionEnergy, multiplicationEnergy });
  const { layers } = net;
  const counts = tidy(() => {
    const records = net.record(x);
    return stack(
      layers.map((layer, i) =>
        stack(countsOf(layer, records[i - 1]?.output ?? x, (records[i] as LayerRecord).output)),
      ),
    ); // [layer, 3]
  });
  try {
    const data = await counts.data();
    const column = (at: number) => layers.map((_, i) => data[3 * i + at] ?? NaN);
    const total = (at: number) => column(at).reduce((a, b) => a + b, 0);
    const [synapticOperations, denseOperations] = [total(1), total(2)];
    return {
      spikes: column(0).filter((_, i) => layers[i] instanceof SpikingNeuron),
      synapticOperations,
      denseOperations,
      energy: synapticOperations * additionEnergy,
      denseEnergy: (denseOperations / (x.shape[1] ?? 1)) * multiplicationEnergy,
    };
  } finally {
    counts.dispose();
  }
}

/** The spikes, the operations that spikes cause, and those of a dense input, of one layer. */
function countsOf(layer: AnyLayer, input: Tensor, output: Tensor): [Tensor, Tensor, Tensor] {
  if (layer instanceof SpikingNeuron) return [active(output), scalar(0), scalar(0)];
  const weights = layer instanceof OverTime ? layer.layer : layer;
  if (weights instanceof Linear) {
    const each = weights.outFeatures;
    return [scalar(0), mul(active(input), each), scalar(input.size * each)];
  }
  if (!(weights instanceof Conv2d)) return [scalar(0), scalar(0), scalar(0)];
  const { weight, stride, padding, dilation, groups } = weights;
  const [height = 0, width = 0, channels = 0] = input.shape.slice(2);
  const images = reshape<Rank.R4>(input, [-1, height, width, channels]);
  const reached = (of: Tensor4D): Tensor =>
    sum(conv2d(of, onesLike(weight), null, { stride, padding, dilation, groups }));
  return [scalar(0), reached(cast(notEqual(images, 0), "float32")), reached(onesLike(images))];
}

/** The number of entries that are not 0. */
function active(x: Tensor): Tensor {
  return sum(cast(notEqual(x, 0), "float32"));
}
