import { useBackend } from "@pellucid/backends";
import {
  adam,
  batches,
  fit,
  gaussianNllLoss,
  Linear,
  Module,
  relu,
  Rng,
  softplus,
} from "@pellucid/core-train";
import { TensorDataset, tidyLeaves } from "@pellucid/core-train";
import { concat, mean, mul, type Tensor2D } from "@tensorflow/tfjs-core";

interface Weather {
  readonly temperature: Tensor2D;
  readonly wind: Tensor2D;
}
interface Estimate {
  readonly mean: Tensor2D;
  readonly variance: Tensor2D;
}

/** The power used in some weather, and the uncertainty of the estimate. */
class Demand extends Module {
  readonly hidden: Linear;
  readonly mean: Linear;
  readonly variance: Linear;

  constructor(rng: Rng) {
    super();
    this.hidden = new Linear(2, 16, { rng });
    this.mean = new Linear(16, 1, { rng });
    this.variance = new Linear(16, 1, { rng });
  }

  forward({ temperature, wind }: Weather): Estimate {
    return tidyLeaves(() => {
      const hidden = relu(this.hidden.forward(concat([temperature, wind], 1))); // [batch, 16]
      return { mean: this.mean.forward(hidden), variance: softplus(this.variance.forward(hidden)) };
    });
  }
}

await useBackend();
const rng = new Rng(0);
const column = (data: Float32Array) => ({ data, shape: [200, 1] as const });
const normal = () => rng.randn([200]).data;
const [temperature, wind, noise] = [normal(), normal(), normal()];
const days = new TensorDataset({
  x: { temperature: column(temperature), wind: column(wind) },
  y: column(temperature.map((t, day) => 2 * (wind[day] ?? 0) - t + 0.1 * (noise[day] ?? 0))),
  weight: column(Float32Array.from(temperature, (_, day) => (day < 100 ? 0.5 : 1.5))),
});
const data = batches(days, { size: 20, shuffle: true, rng });

const loss = (output: Estimate, y: Tensor2D, { weight }: { readonly weight: Tensor2D }) => {
  const each = gaussianNllLoss(output.mean, y, output.variance, { reduction: "none" }); // [batch, 1]
  return mean(mul(each, weight));
};
for await (const event of fit(new Demand(rng), data, {
  loss,
  optimizer: adam({ learningRate: 1e-2 }),
  epochs: 10,
})) {
  if (event.kind === "epoch") console.log(event.epoch, event.loss);
}
