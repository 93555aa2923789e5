import {
  adam,
  chain,
  clipGradNorm,
  Module,
  Optimizer,
  parameter,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { mul, sum, type Tensor, tensor } from "@tensorflow/tfjs-core";

/** A model that multiplies by three weights. */
export class Scale extends Module {
  readonly weight = parameter({ data: Float32Array.of(1, 2, 3), shape: [3] });
  forward(x: Tensor): Tensor {
    return mul(x, this.weight);
  }
}

/** A model of {@link Scale} with its optimizer and random generator. */
export const setUp = () => {
  const model = new Scale();
  const transform = chain(clipGradNorm(1), adam({ learningRate: 0.1 }));
  return { model, optimizer: new Optimizer(transform, trainable(model)), rng: new Rng(3) };
};

/** One step of training. */
export const step = ({ model, optimizer, rng }: ReturnType<typeof setUp>): Promise<number> => {
  const x = tensor(rng.randn([3]).data);
  return trainStep(model, optimizer, () => sum(model.forward(x))).finally(() => x.dispose());
};
