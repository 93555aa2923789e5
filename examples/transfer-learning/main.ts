// A net that knows the digits 0 to 4 learns 5 to 9 from a few of each: does what it knows help, and how is it best kept?
import { useBackend } from "@pellucid/backends";
import { DigitsCnn } from "@pellucid/cnn";
import {
  Accuracy,
  adam,
  batches,
  copyWeights,
  crossEntropy,
  evaluate,
  fit,
  Linear,
  partition,
  replaceModule,
  Rng,
  trainOnly,
} from "@pellucid/core-train";
import { digits, LabeledImages, toFloatImages } from "@pellucid/datasets";

/** The share of unseen digits that are right: of 0 to 4 by the teacher, of 5 to 9 by three students. */
export interface Accuracies {
  readonly teacher: number;
  readonly "from scratch": number;
  readonly "head only": number;
  readonly "fine-tuned": number;
}

/** A `DigitsCnn` for five classes. */
function fiveDigits(rng: Rng): DigitsCnn {
  const model = new DigitsCnn({ rng });
  replaceModule(model, "fc", new Linear(512, 5, { rng }));
  return model;
}

/** The digits `first` to `first + 4`, as the classes 0 to 4. */
function five({ images, labels, info }: LabeledImages<Float32Array>, first: number) {
  const shifted = { data: labels.data.map((label) => label - first), shape: labels.shape };
  const all = new LabeledImages(images, shifted, info);
  return all.take(
    [...shifted.data.keys()].filter((i) => Math.floor((labels.data[i] ?? 0) / 5) * 5 === first),
  );
}

/** Some of each class, drawn at random. */
function few(data: LabeledImages<Float32Array>, perClass: number, rng: Rng): LabeledImages<Float32Array> {
  const order = [...rng.randperm(data.length)];
  const ofClass = (label: number) => order.filter((i) => data.labels.data[i] === label).slice(0, perClass);
  return data.take([0, 1, 2, 3, 4].flatMap(ofClass));
}

async function accuracyOf(model: DigitsCnn, test: LabeledImages): Promise<number> {
  const measure = { loss: crossEntropy, metrics: { accuracy: new Accuracy() } };
  return (await evaluate(model, batches(test, { size: 250 }), measure)).metrics["accuracy"] ?? Number.NaN;
}

/** Trains the teacher, and each student from `perClass` images of each digit for `steps` steps. */
export async function main({ seed = 0, perClass = 10, epochs = 15, steps = 40 } = {}): Promise<Accuracies> {
  const { train, test } = await digits();
  const [known, fresh] = [five(toFloatImages(train), 0), five(toFloatImages(train), 5)];
  const [knownTest, freshTest] = [five(toFloatImages(test), 0), five(toFloatImages(test), 5)];
  const rng = new Rng(seed);
  const learningRate = 1e-3;
  const optimizer = adam({ learningRate });

  const teacher = fiveDigits(rng);
  const lessons = batches(known, { size: 64, shuffle: true, rng });
  for await (const _ of fit(teacher, lessons, { loss: crossEntropy, optimizer, epochs }));

  const shown = few(fresh, perClass, rng);
  const student = async (make: (model: DigitsCnn) => ReturnType<typeof adam | typeof partition>) => {
    const model = fiveDigits(rng);
    const data = batches(shown, { size: shown.length });
    for await (const _ of fit(model, data, { loss: crossEntropy, optimizer: make(model), epochs: steps }));
    return accuracyOf(model, freshTest);
  };
  const isHead = (path: string) => path.startsWith("fc.");
  const inherit = (model: DigitsCnn) => copyWeights(teacher, model, { match: (path) => !isHead(path) });

  return {
    teacher: await accuracyOf(teacher, knownTest),
    "from scratch": await student(() => optimizer),
    "head only": await student((model) => {
      inherit(model);
      trainOnly(model, isHead);
      return optimizer;
    }),
    "fine-tuned": await student((model) => {
      inherit(model);
      return partition([
        { match: isHead, transform: optimizer },
        { match: (path) => !isHead(path), transform: adam({ learningRate: learningRate / 10 }) },
      ]);
    }),
  };
}

if (import.meta.main) {
  await useBackend();
  for (const seed of [0, 1, 2]) {
    const accuracies = Object.entries(await main({ seed }));
    const reported = accuracies.map(([name, share]) => `${name} ${(100 * share).toFixed(1)} %`);
    console.log(`seed ${seed}: ${reported.join(", ")}`);
  }
}
