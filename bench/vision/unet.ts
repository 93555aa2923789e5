import { useBackend } from "@pellucid/backends";
import { adam, crossEntropy, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { UNet } from "@pellucid/segmentation";
import { tensor, tensor4d, type Tensor4D, transpose } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { unet } from "./work.ts";

/** A training step of a U-Net by the cross-entropy of each pixel and Adam. */
export async function prepare(): Promise<Step> {
  await useBackend({ only: "wasm" });
  const { channels, depth, classes, batch, size, learningRate } = unet;
  const model = new UNet(3, classes, { rng: new Rng(0), channels, depth });
  const rng = new Rng(1);
  const images = tensor4d(rng.rand([batch, 3, size, size]).data, [batch, 3, size, size]);
  const x: Tensor4D = transpose(images, [0, 2, 3, 1]);
  const y = tensor(rng.randint(0, classes, [batch, size, size]).data, [batch, size, size], "int32");
  const optimizer = new Optimizer(adam({ learningRate }), trainable(model));
  return () => trainStep(model, optimizer, () => crossEntropy(model.forward(x), y));
}
