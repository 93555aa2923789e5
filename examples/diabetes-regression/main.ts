// How far diabetes progresses within a year, from ten measurements: a regression, and four ways to say how wrong it is.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  batches,
  evaluate,
  fit,
  type HostTensor,
  Linear,
  MeanAbsoluteError,
  MeanSquaredError,
  mseLoss,
  R2Score,
  ReLU,
  Rng,
  RootMeanSquaredError,
  Sequential,
  TensorDataset,
} from "@pellucid/core-train";
import { diabetes, type Table } from "@pellucid/datasets";

/** The target is from 25 to 346; training needs values of about 1. These are the training set's mean and deviation. */
const mean = 153.74;
const deviation = 77.95;

/** Features of size 1 and standardized targets, `[row, 10]` and `[row, 1]`. */
function prepare({ features, targets, length }: Table<Float32Array>) {
  const x: HostTensor = { data: features.data.map((value) => 20 * value), shape: features.shape };
  const y: HostTensor = { data: targets.data.map((value) => (value - mean) / deviation), shape: [length, 1] };
  return new TensorDataset({ x, y });
}

/** Trains 10–64–1 and measures on the 89 patients it has not seen. */
export async function main({ epochs = 60, seed = 0 } = {}) {
  const { train, test } = await diabetes();
  const rng = new Rng(seed);
  const model = new Sequential(new Linear(10, 64, { rng }), new ReLU(), new Linear(64, 1, { rng }));
  const data = batches(prepare(train), { size: 32, shuffle: true, rng });
  for await (const _ of fit(model, data, { loss: mseLoss, optimizer: adam({ learningRate: 1e-2 }), epochs }));
  const measured = await evaluate(model, batches(prepare(test), { size: 89 }), {
    loss: mseLoss,
    metrics: {
      mse: new MeanSquaredError(),
      rmse: new RootMeanSquaredError(),
      mae: new MeanAbsoluteError(),
      r2: new R2Score(),
    },
  });
  const { mse = 0, rmse = 0, mae = 0, r2 = 0 } = measured.metrics;
  return { mse: mse * deviation ** 2, rmse: rmse * deviation, mae: mae * deviation, r2 }; // in the target's own units
}

if (import.meta.main) {
  await useBackend();
  const { mse, rmse, mae, r2 } = await main();
  console.log(`MSE ${mse.toFixed(0)}, RMSE ${rmse.toFixed(1)}, MAE ${mae.toFixed(1)}, R² ${r2.toFixed(3)}`);
}
