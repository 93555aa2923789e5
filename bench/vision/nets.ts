import { useBackend } from "@pellucid/backends";
import {
  convnextTiny,
  densenet121,
  type ImageClassifier,
  mobilenetV3Large,
  regnetY400mf,
  shufflenetV2X1_0,
  swinT,
} from "@pellucid/cnn";
import {
  adam,
  compile,
  crossEntropy,
  loadWeights,
  type Module,
  Optimizer,
  Rng,
  torchStateOf,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import {
  div,
  mean,
  sqrt,
  square,
  tensor1d,
  type Tensor4D,
  tensor4d,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { nets } from "./work.ts";

const makes: Readonly<Record<string, (rng: Rng) => ImageClassifier & Module>> = {
  mobilenet_v3_large: (rng) => mobilenetV3Large({ rng }),
  densenet121: (rng) => densenet121({ rng }),
  convnext_tiny: (rng) => convnextTiny({ rng }),
  regnet_y_400mf: (rng) => regnetY400mf({ rng }),
  shufflenet_v2_x1_0: (rng) => shufflenetV2X1_0({ rng }),
  swin_t: (rng) => swinT({ rng, stochasticDepthProb: 0 }),
};

/**
 * A network of torchvision sees a batch, or learns from it. The number is its first logit over the root mean square of all, or the loss.
 *
 * @param work the name of the network, after it `compiled` or `learn`
 */
export async function prepare(work: string): Promise<Step> {
  await useBackend({ only: "wasm" });
  const [name = "", how] = work.split(" ");
  const model = (makes[name] as (typeof makes)[string])(new Rng(0));
  await fill(model);
  const { batch, size } = nets;
  const images = tensor4d(new Rng(1).rand([batch, 3, size, size]).data, [batch, 3, size, size]);
  const x: Tensor4D = transpose(images, [0, 2, 3, 1]);
  if (how === "learn") {
    const labels = tensor1d([3, 141], "int32");
    const optimizer = new Optimizer(adam({ learningRate: nets.learningRate }), trainable(model));
    return () => trainStep(model, optimizer, () => crossEntropy(model.forward(x), labels));
  }
  const forward = (images: Tensor4D) => {
    const logits = model.forward(images);
    return div(logits, sqrt(mean(square(logits))));
  };
  const compiled = compile(forward);
  await compiled.ready;
  const run = how === "compiled" ? compiled : forward;
  return async () => {
    const seen = tidy(() => run(x));
    const [value = NaN] = await seen.data();
    seen.dispose();
    return value;
  };
}

/** Weights that vision.py draws too, in the order of their names. */
async function fill(model: Module): Promise<void> {
  const rng = new Rng(0);
  const state = { ...(await torchStateOf(model)) };
  for (const name of Object.keys(state).toSorted()) {
    const { data, shape } = state[name] as (typeof state)[string];
    if (!(data instanceof Float32Array)) continue;
    const rest = shape.slice(1);
    const fan = rest.reduce((product, size) => product * size, 1);
    const center = name.endsWith("running_var") || (name.endsWith("weight") && rest.length === 0) ? 1 : 0;
    const scale = rest.length === 0 ? 0.2 : Math.sqrt(24 / fan);
    state[name] = { data: rng.rand(shape).data.map((u) => center + scale * (u - 0.5)), shape };
  }
  loadWeights(model, state);
}
