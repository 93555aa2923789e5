// Two of a hundred numbers are marked: what is their sum? A temporal convolution sees both at once, an LSTM has to carry them to the end.
import { parseArgs } from "node:util";
import { useBackend } from "@pellucid/backends";
import { TemporalConvNet } from "@pellucid/cnn";
import { adam, batches, fit, type Layer, Linear, Module, mseLoss, Rng } from "@pellucid/core-train";
import { addingProblem } from "@pellucid/datasets";
import { LSTM } from "@pellucid/rnn";
import { reshape, slice, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";

/** The output of a net at the last time step: `[batch, time, 2]` → `[batch, 1]`. */
class LastTimeStep extends Module implements Layer<Tensor3D, Tensor2D> {
  readonly net: Module & Layer<Tensor3D, Tensor3D>;
  readonly linear: Linear;

  constructor(net: Module & Layer<Tensor3D, Tensor3D>, width: number, rng: Rng) {
    super();
    this.net = net;
    this.linear = new Linear(width, 1, { rng });
  }

  forward(x: Tensor3D): Tensor2D {
    return tidy(() => {
      const y = this.net.forward(x); // [batch, time, width]
      const [batch, time, width] = y.shape;
      return this.linear.forward(reshape(slice(y, [0, time - 1, 0], [batch, 1, width]), [batch, width]));
    });
  }
}

/** The nets, by the names they have on the command line. */
export const nets = {
  tcn: (rng: Rng) => {
    const widths = new Array<number>(6).fill(24); // looks back 504 time steps
    return new LastTimeStep(new TemporalConvNet(2, widths, { rng, kernelSize: 5, dropout: 0 }), 24, rng);
  },
  lstm: (rng: Rng) => new LastTimeStep(new LSTM(2, 64, { rng }), 64, rng),
} as const;

/** What to train, and for how long. */
export interface AddingOptions {
  readonly net: keyof typeof nets;
  readonly time?: number;
  readonly train?: number;
  readonly test?: number;
  readonly epochs?: number;
  readonly seed?: number;
  readonly onEpoch?: (epoch: number, error: number, seconds: number) => void;
}

/** Trains a net; the mean squared error on sequences that it has not seen, after each epoch. */
export async function main(options: AddingOptions): Promise<readonly number[]> {
  const { net, epochs = 6, seed = 0, onEpoch = () => {}, ...sizes } = options;
  const rng = new Rng(seed);
  const { train, test } = addingProblem({ rng, ...sizes });
  const model = nets[net](rng);
  const errors: number[] = [];
  for await (const event of fit(model, batches(train, { size: 32, shuffle: true, rng }), {
    loss: mseLoss,
    optimizer: adam({ learningRate: 4e-3 }),
    epochs,
    validation: batches(test, { size: 250, rng }),
    logEvery: 20,
  })) {
    if (event.kind !== "epoch") continue;
    errors.push(event.validation?.loss ?? Number.NaN);
    onEpoch(event.epoch, errors.at(-1) as number, event.seconds);
  }
  model.dispose();
  return errors;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { epochs: { type: "string", default: "6" }, seed: { type: "string", default: "0" } },
  });
  const { chosen } = await useBackend();
  console.log(`On ${chosen}. Who always says 1 has an error of 0.167.`);
  for (const net of ["tcn", "lstm"] as const)
    await main({
      net,
      epochs: Number(values.epochs),
      seed: Number(values.seed),
      onEpoch: (epoch, error, seconds) =>
        console.log(
          `${net}, epoch ${epoch}: mean squared error ${error.toFixed(4)} (${seconds.toFixed(0)} s)`,
        ),
    });
}
