import {
  BayesianLinear,
  conformalIntervals,
  elboLoss,
  ensemblePredictions,
  klOf,
  samplePredictions,
  weightSampling,
} from "@pellucid/bayesian";
import {
  adam,
  Dropout,
  type Layer,
  Linear,
  type Module,
  mseLoss,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  trainable,
  training,
  trainStep,
} from "@pellucid/core-train";
import { curves, type Measurement, posterior } from "@pellucid/interpret/draw";
import { dispose, mul, type Tensor, tensor2d, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Run } from "./run.ts";

export const methods = ["weights are distributions", "dropout", "ensemble"] as const;

export interface Options {
  readonly method: (typeof methods)[number];
  readonly measurements: number;
  readonly steps: number;
  readonly seed: number;
}

export const options: Options = {
  method: "weights are distributions",
  measurements: 40,
  steps: 300,
  seed: 0,
};

type Net = Module & Layer<Tensor2D, Tensor>;

const noise = 0.1;
const law = (x: number): number => Math.sin(2 * x);
const axis = Array.from({ length: 121 }, (_, i) => -3 + i / 20);
const indexOf = (where: number) => Math.round((where + 3) * 20);
/** Of the gap in which nothing is measured. */
const middle = 0.25;

/** Measurements on both sides of a gap from −½ to 1. */
function measure(rng: Rng, count: number): Measurement[] {
  const [where, error] = [rng.uniform([count], 0, 1).data, rng.randn([count]).data];
  return Array.from(where, (u, i) => {
    const x = u < 0.5 ? -2 + 3 * u : 1 + 2 * (u - 0.5);
    return [x, law(x) + noise * (error[i] ?? 0)] as const;
  });
}

export async function program(
  { method, measurements, steps, seed }: Options,
  { signal, onProgress }: Run = {},
) {
  const rng = new Rng(seed);
  const seen = measure(rng, measurements);
  const [calibration, other] = [measure(rng, 100), measure(rng, 500)];
  const bayesian = { rng, prior: { std: 1 }, estimator: weightSampling }; // one draw of the weights is one curve
  const makes: Readonly<Record<Options["method"], () => Net>> = {
    "weights are distributions": () =>
      new Sequential(
        new BayesianLinear(1, 32, bayesian),
        new ReLU(),
        new BayesianLinear(32, 1, bayesian),
      ) as Net,
    dropout: () =>
      new Sequential(
        new Linear(1, 64, { rng }),
        new ReLU(),
        new Dropout(0.1, { rng }),
        new Linear(64, 1, { rng }),
      ) as Net,
    ensemble: () => new Sequential(new Linear(1, 32, { rng }), new ReLU(), new Linear(32, 1, { rng })) as Net,
  };
  const nets = Array.from({ length: method === "ensemble" ? 8 : 1 }, () => makes[method]());
  const [x, y] = [tensor2d(seen.map(([at]) => [at])), tensor2d(seen.map(([, value]) => [value]))];
  const at = (points: readonly Measurement[]) => points.map(([where]) => where);

  /** Predictions of nets drawn from the distribution, or of all nets of the ensemble: `[net][x]`. */
  const draw = async (xs: readonly number[]): Promise<number[][]> => {
    const input = tensor2d(xs.map((each) => [each]));
    const drawn =
      method === "ensemble" ? ensemblePredictions(nets, input) : samplePredictions(nets[0] as Net, input, 60); // [curve, x, 1]
    const data = await drawn.data();
    dispose([input, drawn]);
    return Array.from({ length: drawn.shape[0] ?? 0 }, (_, s) =>
      Array.from(data.subarray(s * xs.length, (s + 1) * xs.length)),
    );
  };

  try {
    for (const [i, net] of nets.entries()) {
      const optimizer = new Optimizer(adam({ learningRate: 0.02 }), trainable(net));
      try {
        for (let step = 0; step < steps; step++) {
          signal?.throwIfAborted();
          await trainStep(net, optimizer, () => {
            const nll = mul(
              mseLoss(
                training(net, () => net.forward(x)),
                y,
              ),
              0.5 / noise ** 2,
            );
            return method === "weights are distributions"
              ? elboLoss(nll, klOf(net), { datasetSize: measurements })
              : nll;
          });
          if (step % 20 === 19) onProgress?.(i * steps + step + 1, nets.length * steps);
        }
      } finally {
        optimizer.dispose();
      }
    }
    const drawn = await draw(axis);
    const band = { x: axis, ...spread(drawn) };
    const calibrated = await draw(at(calibration));
    const { margin } = conformalIntervals(
      spread(calibrated).mean.map((mean) => ({ lower: mean, upper: mean })),
      calibration.map(([, value]) => value),
      { alpha: 0.1 },
    );
    const predicted = spread(await draw(at(other))).mean;
    const covered = other.filter(([, value], i) => Math.abs(value - (predicted[i] ?? NaN)) <= margin);
    const deviationAt = (where: number) => band.std[indexOf(where)] ?? NaN;
    const pictures = [
      posterior(seen, () => band, {
        title: `What it predicts: ${method}`,
        xRange: [-3, 3],
        yRange: [-2.5, 2.5],
        samples: method === "dropout" ? [] : drawn.slice(0, 8), // dropout draws anew for each point,
        movable: false,
      }),
      curves(
        {
          "two deviations": band.std.map((std) => 2 * std),
          "conformal, 90 %": axis.map(() => margin),
          "its error": axis.map((where, i) => Math.abs(law(where) - (band.mean[i] ?? NaN))),
        },
        { title: "How wrong it may be, and is", xLabel: "x", yLabel: "to each side", x: axis },
      ),
    ];
    return {
      pictures,
      seen: Math.max(deviationAt(-1.5), deviationAt(1.5)),
      gap: deviationAt(middle),
      error: Math.abs(law(middle) - (band.mean[indexOf(middle)] ?? NaN)),
      beyond: deviationAt(3),
      covered: covered.length / other.length,
    };
  } finally {
    dispose([x, y]);
    for (const net of nets) net.dispose();
  }
}

/** Mean and deviation over curves, of each point. */
function spread(drawn: readonly (readonly number[])[]): { mean: number[]; std: number[] } {
  const mean = (drawn[0] ?? []).map(
    (_, i) => drawn.reduce((sum, one) => sum + (one[i] ?? 0), 0) / drawn.length,
  );
  const std = mean.map((m, i) =>
    Math.sqrt(drawn.reduce((sum, one) => sum + ((one[i] ?? 0) - m) ** 2, 0) / drawn.length),
  );
  return { mean, std };
}
