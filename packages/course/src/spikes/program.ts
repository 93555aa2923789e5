import {
  adam,
  amax,
  batches,
  clamp,
  fit,
  Linear,
  loadWeights,
  Module,
  Rng,
  withoutInit,
} from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { ceCountLoss, energyCount, latency, Leaky, rate, SpikingSequential } from "@pellucid/spiking";
import {
  argMax,
  cast,
  cumsum,
  dispose,
  equal,
  gather,
  greater,
  logicalAnd,
  mean,
  reshape,
  scalar,
  type Tensor,
  tensor1d,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";

/** Time steps. */
export const times = 20;
/** Hidden neurons. */
export const neurons = 48;

export type Code = "rate" | "latency";

/** Images as spikes, `[batch, time, 64]`: many for a bright pixel, or one that comes early. */
export const coded = (images: Tensor, code: Code, rng: Rng): Tensor =>
  tidy(() => {
    const flat = reshape(images, [-1, 64]);
    if (code === "rate") return rate(flat, times, { rng });
    return latency(clamp(flat, 0, 1), times, { threshold: 0.06, clip: true, normalize: true, linear: true });
  });

/** Two layers of leaky neurons: 64 pixels, 48 hidden neurons, ten classes. */
export class SpikingDigits extends Module {
  readonly net: SpikingSequential;
  readonly first: Leaky;
  readonly last: Leaky;
  readonly readout: Linear;
  readonly #code: Code;
  readonly #rng: Rng;

  constructor(code: Code) {
    super();
    this.#code = code;
    this.#rng = new Rng(0);
    const rng = this.#rng;
    const into = new Linear(64, neurons, { rng });
    this.readout = new Linear(neurons, 10, { rng });
    this.first = new Leaky(neurons, { beta: 0.9 });
    this.last = new Leaky(10, { beta: 0.9 });
    this.net = new SpikingSequential(into, this.first, this.readout, this.last);
  }

  forward(images: Tensor): Tensor {
    return tidy(() => this.net.forward(coded(images, this.#code, this.#rng)));
  }

  /** Another threshold and another leak for all neurons. */
  set(threshold: number, beta: number): void {
    for (const { threshold: one, beta: decay } of [this.first, this.last])
      tidy(() => {
        one.assign(scalar(threshold));
        decay.assign(scalar(beta));
      });
  }
}

/** A network that learns to spike most for the right class. */
export async function train(code: Code, epochs: number): Promise<SpikingDigits> {
  const { train: examples } = await digits();
  const model = new SpikingDigits(code);
  const data = batches(toFloatImages(examples), { size: 64, shuffle: true, rng: new Rng(1) });
  for await (const _ of fit(model, data, {
    loss: ceCountLoss,
    optimizer: adam({ learningRate: 3e-3 }),
    epochs,
  }));
  return model;
}

/** A network with the weights of a file. */
export function trained(code: Code, weights: ArrayBuffer): SpikingDigits {
  const model = withoutInit(() => new SpikingDigits(code));
  loadWeights(model, weights);
  return model;
}

/** What every neuron did for one image, `[time][neuron]`. */
export interface Looked {
  readonly currents: readonly Float32Array[];
  readonly membranes: readonly Float32Array[];
  readonly spikes: readonly Float32Array[];
  /** Of the ten classes. */
  readonly answers: readonly Float32Array[];
  /** Additions that the spikes of this image cause, and multiplications that all its pixels would at each time step. */
  readonly work: { readonly synapticOperations: number; readonly denseOperations: number };
}

/** Runs one image of 64 pixels, from 0 to 1. */
export async function look(model: SpikingDigits, pixels: Float32Array, code: Code): Promise<Looked> {
  const image = tensor2d(pixels, [1, 64]);
  const x = coded(image, code, new Rng(7)); // [1, time, 64]
  const records = model.net.record(x);
  const rows = async (of: Tensor | undefined, size: number) => {
    const values = Float32Array.from((await of?.data()) ?? []);
    return Array.from({ length: times }, (_, t) => values.slice(t * size, (t + 1) * size));
  };
  const currents = await rows(records[0]?.output, neurons);
  const membranes = await rows(records[1]?.membranes, neurons);
  const spikes = await rows(records[1]?.output, neurons);
  const answers = await rows(records[3]?.output, 10);
  const work = await energyCount(model.net, x);
  dispose([image, x, ...records.flatMap(({ output, membranes: each }) => [output, each])]);
  return { currents, membranes, spikes, answers, work };
}

/** The membrane of a neuron by hand: what is left of it, and the new current, less the threshold after a spike. */
export function membraneByHand(
  { currents, membranes }: Looked,
  neuron: number,
  t: number,
  { threshold, beta }: { readonly threshold: number; readonly beta: number },
): { readonly kept: number; readonly current: number; readonly reset: number; readonly membrane: number } {
  const before = t === 0 ? 0 : (membranes[t - 1]?.[neuron] ?? 0);
  const kept = beta * before;
  const current = currents[t]?.[neuron] ?? 0;
  const reset = before > threshold ? threshold : 0;
  return { kept, current, reset, membrane: kept + current - reset };
}

/**
 * The share of images that are read right after each time step, by the class with the most spikes so far. The control gives the spikes of each hidden neuron to
 * another one: as many spikes at the same times, without what they stand for.
 */
export async function accuracyByTime(
  model: SpikingDigits,
  images: Tensor,
  labels: Tensor,
  code: Code,
): Promise<{ readonly real: Float32Array; readonly exchanged: Float32Array }> {
  const [real, exchanged] = tidy(() => {
    const [, hidden, , output] = model.net.record(coded(images, code, new Rng(3)));
    if (hidden === undefined || output === undefined) throw new RangeError("The network has four layers.");
    const order = tensor1d(new Rng(4).randperm(neurons), "int32");
    const others = gather(hidden.output, order, 2); // [batch, time, 48]
    return [output.output, model.last.forward(model.readout.forward(others as never))].map((spikes) => {
      const counts = cumsum(spikes, 1); // [batch, time, 10]
      const guess = argMax(counts, 2); //  [batch, time]
      const right = logicalAnd(
        equal(guess, reshape(labels, [-1, 1])),
        greater(amax(counts, 2), 0), //      before the first spike there is no answer
      );
      return mean(cast(right, "float32"), 0); // [time]
    });
  });
  const read = async (of: Tensor | undefined) => Float32Array.from((await of?.data()) ?? []);
  const found = { real: await read(real), exchanged: await read(exchanged) };
  dispose([real, exchanged].filter((each) => each !== undefined));
  return found;
}

/** How often each class has spiked up to a time step. */
export const classCounts = ({ answers }: Looked, until: number): number[] =>
  Array.from({ length: 10 }, (_, c) =>
    answers.slice(0, until + 1).reduce((sum, row) => sum + (row[c] ?? 0), 0),
  );
