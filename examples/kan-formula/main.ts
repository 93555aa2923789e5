// A Kolmogorov-Arnold network learns exp(sin πx + y²) from 1,000 points by L-BFGS; its grids are refined, and training continues.
import { useBackend } from "@pellucid/backends";
import { Lbfgs, mseLoss, Rng, strongWolfe, trainable } from "@pellucid/core-train";
import { KAN, refineGrid } from "@pellucid/kan";
import { type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";

/** `count` points between −1 and 1 with their value. */
function points(count: number, rng: Rng): { x: Tensor2D; y: Tensor2D } {
  const { data } = rng.uniform([count, 2], -1, 1);
  const at = (i: number) => data[i] as number;
  const y = Float32Array.from({ length: count }, (_, i) =>
    Math.exp(Math.sin(Math.PI * at(2 * i)) + at(2 * i + 1) ** 2),
  );
  return { x: tensor2d(data, [count, 2]), y: tensor2d(y, [count, 1]) };
}

/** Trains, and returns the root mean squared errors on 1,000 other points: with 5 intervals on every edge, and after a refinement to 10. */
export async function main({ steps = 50, seed = 0 } = {}): Promise<{ coarse: number; fine: number }> {
  await useBackend();
  const rng = new Rng(seed);
  const [train, test] = [points(1000, rng), points(1000, rng)];
  const fit = async (model: KAN, count: number): Promise<number> => {
    const optimizer = new Lbfgs(trainable(model), {
      lineSearch: strongWolfe,
      historySize: 10,
      toleranceGrad: 0,
      toleranceChange: 0,
    });
    for (let step = 0; step < count; step++)
      await optimizer.step(() => mseLoss(model.forward(train.x), train.y));
    const error = tidy(() => mseLoss(model.forward(test.x), test.y));
    const [value = NaN] = await error.data();
    error.dispose();
    return Math.sqrt(value);
  };
  const model = new KAN([2, 5, 1], { rng, grid: 5 });
  const coarse = await fit(model, steps);
  const finer = await refineGrid(model, 10);
  const fine = await fit(finer, Math.ceil(steps / 2));
  for (const each of [model, finer, train.x, train.y, test.x, test.y]) each.dispose();
  return { coarse, fine };
}

if (import.meta.main) {
  const { coarse, fine } = await main();
  console.log(
    `the error on 1,000 other points is ${coarse.toExponential(1)}, and ${fine.toExponential(1)} with refined grids`,
  );
}
