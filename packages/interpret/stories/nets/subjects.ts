import { DigitsCnn, MnistCnn } from "@pellucid/cnn";
import { capture, flatten, loadWeights, maxPool2d, relu, Rng, withoutInit } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { VisionTransformer } from "@pellucid/transformer";
import { mean, reshape, slice, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { drawnDigits } from "../drawn-digits.ts";
import { shapes, ShapesNet } from "./shapes-net.ts";
import type { Subject } from "./subject.ts";

/** The models of the stories. */
export type SubjectName = "digits" | "mnist" | "shapes" | "vit";

/** Those that every tool explains. */
export const convolutional: readonly SubjectName[] = ["digits", "mnist", "shapes"];

/** What visitors read. */
export const titles: Readonly<Record<SubjectName, string>> = {
  digits: "8×8 digits: two convolutions, 9,930 parameters",
  mnist: "28×28 digits: two convolutions and pools, 8,490 parameters",
  shapes: "32×32 colored shapes: a residual net, 77,782 parameters",
  vit: "8×8 digits: a vision transformer, 26,762 parameters",
};

/** The digits' weights are those that `npm start` has just trained, or the committed ones. */
const trained = import.meta.env?.["STORYBOOK_TRAINED"] as string | undefined;

const makers: Readonly<Record<SubjectName, () => Promise<Subject>>> = {
  digits: async () => {
    const model = withoutInit(() => new DigitsCnn({ rng: new Rng(0) }));
    await load(model, trained ?? new URL("./digits-cnn.safetensors", import.meta.url).href);
    return {
      name: "digits",
      title: titles.digits,
      model,
      shape: [8, 8, 1],
      classes: tenDigits,
      layers: { conv1: model.conv1, conv2: model.conv2 },
      first: model.conv1,
      features: (images) =>
        tidy(
          () =>
            flatten(maxPool2d(relu(model.conv2.forward(relu(model.conv1.forward(images)))), 2)) as Tensor2D,
        ),
      unseen: async () => toFloatImages((await digits()).test),
      inkFrom: 0.25,
    };
  },
  mnist: async () => {
    const model = withoutInit(() => new MnistCnn({ rng: new Rng(0) }));
    await load(model, new URL("./mnist-cnn.safetensors", import.meta.url).href);
    return {
      name: "mnist",
      title: titles.mnist,
      model,
      shape: [28, 28, 1],
      classes: tenDigits,
      layers: { conv1: model.conv1, conv2: model.conv2 },
      first: model.conv1,
      features: (images) =>
        tidy(() => {
          const { conv1, conv2, pooling } = model;
          const once = relu(pooling.forward(conv1.forward(images)));
          return flatten(relu(pooling.forward(conv2.forward(once)))) as Tensor2D;
        }),
      unseen: () => Promise.resolve(drawnDigits(300)),
      inkFrom: 0.25,
    };
  },
  shapes: async () => {
    const model = withoutInit(() => new ShapesNet({ rng: new Rng(0) }));
    await load(model, new URL("./shapes-net.safetensors", import.meta.url).href);
    const { conv1, layer1, layer2, layer3 } = model;
    return {
      name: "shapes",
      title: titles.shapes,
      model,
      shape: [32, 32, 3],
      classes: ["circle", "square", "triangle", "star", "cross", "ring"],
      layers: { conv1, layer1, layer2, layer3 },
      first: conv1,
      features: (images) =>
        tidy(() =>
          mean(
            capture(layer3, () => model.forward(images)),
            [1, 2],
          ),
        ),
      unseen: () => Promise.resolve(shapes(0, 300).test.load()),
      inkFrom: 0.45,
    };
  },
  vit: async () => {
    const size = { imageSize: 8, patchSize: 2, inChannels: 1, numClasses: 10 };
    const depth = { numLayers: 3, numHeads: 4, hiddenDim: 32, mlpDim: 64 };
    const model = withoutInit(() => new VisionTransformer({ rng: new Rng(0), ...size, ...depth }));
    await load(model, new URL("./digits-vit.safetensors", import.meta.url).href);
    return {
      name: "vit",
      title: titles.vit,
      model,
      shape: [8, 8, 1],
      classes: tenDigits,
      layers: { convProj: model.convProj },
      first: model.convProj,
      features: (images) =>
        tidy(() => {
          const seen = capture(model.encoder, () => model.forward(images)); // [batch, 1 + patch, feature]
          const [batch, , features] = seen.shape;
          return reshape(slice(seen, [0, 0, 0], [batch, 1, features]), [batch, features]);
        }),
      unseen: async () => toFloatImages((await digits()).test),
      inkFrom: 0.25,
    };
  },
};

const tenDigits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;
const loaded = new Map<SubjectName, Promise<Subject>>();

/** A trained model, loaded once. */
export function subject(name: SubjectName): Promise<Subject> {
  let found = loaded.get(name);
  if (found === undefined) loaded.set(name, (found = makers[name]()));
  return found;
}

async function load(model: Parameters<typeof loadWeights>[0], address: string): Promise<void> {
  const file = await fetch(address);
  loadWeights(model, await file.arrayBuffer());
}
