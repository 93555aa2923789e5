import { BayesianLinear, elboLoss, klOf, samplePredictions } from "@pellucid/bayesian";
import { adam, mseLoss, Optimizer, ReLU, Rng, Sequential, trainable, trainStep } from "@pellucid/core-train";
import { tensor2d } from "@tensorflow/tfjs-core";
import { drawing, line } from "./svg.ts";

/** Forty curves of a network whose weights are distributions, through five measurements. */
export async function uncertainty(): Promise<string> {
  const rng = new Rng(0);
  const prior = { std: 1 };
  const model = new Sequential(
    new BayesianLinear(1, 32, { rng, prior }),
    new ReLU(),
    new BayesianLinear(32, 1, { rng, prior }),
  );
  const optimizer = new Optimizer(adam({ learningRate: 0.02 }), trainable(model));
  const measured = [-1, -0.5, 0, 0.5, 1].map((x) => [x, x * x] as const);
  const [x, y] = [tensor2d(measured.map(([at]) => [at])), tensor2d(measured.map(([, value]) => [value]))];
  for (let step = 0; step < 600; step++)
    await trainStep(model, optimizer, () =>
      elboLoss(mseLoss(model.forward(x), y), klOf(model), { datasetSize: 5, beta: 0.001 }),
    );
  const inputs = Array.from({ length: 65 }, (_, i) => -2 + i / 16);
  const draws = 40;
  const values = await samplePredictions(model, tensor2d(inputs.map((at) => [at])), draws).data();
  const point = (at: number, value: number): [number, number] => [320 + 155 * at, 240 - 70 * value];
  const curves = Array.from({ length: draws }, (_, draw) =>
    line(
      inputs.map((at, i) => point(at, values[draw * inputs.length + i] ?? 0)),
      'stroke="#0072b2" stroke-opacity="0.35"',
    ),
  );
  const points = measured.map(([at, value]) => {
    const [cx, cy] = point(at, value);
    return `<circle cx="${cx}" cy="${cy}" r="6" fill="#d55e00"/>`;
  });
  return drawing(300, ...curves, ...points);
}
