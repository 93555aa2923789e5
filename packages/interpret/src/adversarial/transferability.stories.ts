import { DigitsCnn } from "@pellucid/cnn";
import {
  adam,
  batches,
  crossEntropy,
  fit,
  Flatten,
  type Layer,
  Linear,
  type Module,
  ReLU,
  Rng,
  Sequential,
} from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { type Tensor, type Tensor2D, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { someCode } from "../../stories/some-code.ts";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import { matrix } from "../draw/matrix.ts";
import { fgsm } from "./fgsm.ts";
import { marginScore } from "../score/margin-score.ts";
import { pgd } from "./pgd.ts";
import { transferability } from "./transferability.ts";

const attacks = { fgsm, pgd } as const;

interface Args {
  attack: keyof typeof attacks;
  epsilon: number;
  epochs: number;
}

const meta: Meta<Args> = {
  title: "Adversarial examples/Transferability",
  argTypes: { attack: choice(Object.keys(attacks)), epsilon: range(0.02, 0.4, 0.02), epochs: range(2, 20) },
  args: { attack: "pgd", epsilon: 0.16, epochs: 6 },
  render: ({ attack, epsilon, epochs }, { id }) =>
    lab(
      {
        question: "Do adversarial examples for one model fool another?",
        formula:
          "[A][B] = the share of pictures, of those that both get right, that B gets wrong once they were changed to fool A   (Szegedy et al., 2014, section 4.2)",
        caveats:
          "Nets that learned from the same data fool each other more than others would. Whether a picture still looks like its digit is for you to say: with a large ε it does not.",
        nets: ["digits"],
        about: "net",
        code: () => `import { adam, batches, crossEntropy, fit, Flatten, type Layer, Linear, type Module, ReLU, Sequential } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { ${attack}, marginScore, transferability } from "@pellucid/interpret";
import { matrix } from "@pellucid/interpret/draw";
import { type Tensor, type Tensor2D, type Tensor4D } from "@tensorflow/tfjs-core";
${someCode(60, [8, 8, 1])}
const another = new DigitsCnn({ rng: new Rng(1) });
const rng = new Rng(2);
const mlp = new Sequential(new Flatten(), new Linear(64, 64, { rng }), new ReLU(), new Linear(64, 10, { rng }));
const { train } = await digits();
for (const [seed, model] of [another, mlp].entries()) {
  const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng: new Rng(seed) });
  const how = { loss: crossEntropy, optimizer: adam({ learningRate: 3e-3 }), epochs: ${epochs} };
  for await (const event of fit(model, data, how)) if (event.kind === "epoch") console.log(event.loss);
}
const attack = (model: Layer<Tensor4D, Tensor>) =>
  ${attack}(marginScore<Tensor4D>(model, labels), { epsilon: ${epsilon}, range: [0, 1] });
const models = [net, another, mlp as Module & Layer<Tensor4D, Tensor2D>];
const { fooled } = await transferability<Tensor4D>(models, attack, some, labels);
const names = ["this net", "its like, seed 1", "a perceptron"];
const options = { rowNames: names, columnNames: names, rowLabel: "made for", columnLabel: "fools", signed: false, limit: 1 };
const title = "Of the pictures made to fool the row's net, how many fool the column's";
document.body.append(matrix({ data: fooled.flat(), shape: [3, 3] }, { title, ...options }));`,
        run: async ({ net, signal, onProgress }) => {
          const another = new DigitsCnn({ rng: new Rng(1) });
          const rng = new Rng(2);
          const mlp = new Sequential(
            new Flatten(),
            new Linear(64, 64, { rng }),
            new ReLU(),
            new Linear(64, 10, { rng }),
          );
          const { train, test } = await digits();
          const { x, y } = toFloatImages(test).gather(Int32Array.from({ length: 60 }, (_, i) => i));
          const [images, labels] = [tensor4d(x.data, [60, 8, 8, 1]), Array.from(y.data)];
          try {
            for (const [i, model] of [another, mlp].entries()) {
              const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng: new Rng(i) });
              const optimizer = adam({ learningRate: 3e-3 });
              for await (const event of fit(model, data, { loss: crossEntropy, optimizer, epochs, signal }))
                if (event.kind === "epoch") onProgress(i * epochs + event.epoch, 2 * epochs + 1);
            }
            const models = [net, another, mlp as Module & Layer<Tensor4D, Tensor2D>];
            const attackOn = (model: Layer<Tensor4D, Tensor>) =>
              attacks[attack](marginScore<Tensor4D>(model, labels), { epsilon, range: [0, 1] });
            const { fooled, accuracy } = await transferability<Tensor4D>(models, attackOn, images, labels, {
              signal,
            });
            const names = ["this net", "its like, seed 1", "a perceptron"];
            const own = fooled.map((row, i) => row[i] as number);
            const across = fooled.flatMap((row, i) => row.filter((_, j) => j !== i));
            const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
            return {
              pictures: [
                matrix(
                  { data: fooled.flat(), shape: [3, 3] },
                  {
                    title: "Of the pictures made to fool the row's net, how many fool the column's",
                    rowNames: names,
                    columnNames: names,
                    rowLabel: "made for",
                    columnLabel: "fools",
                    signed: false,
                    limit: 1,
                  },
                ),
              ],
              facts: { own: mean(own), across: mean(across), accuracy: Math.min(...accuracy) },
              answer: `Each net is fooled by ${percent(mean(own))} of what was made for it, and by ${percent(mean(across))} of what was made for another. Unchanged, the three get ${accuracy.map(percent).join(", ")} right.`,
            };
          } finally {
            images.dispose();
            for (const model of [another, mlp]) model.dispose();
          }
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Does what fools one net fool another? Not as surely as its own, but far more often than by chance. */
export const ThreeModels: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["accuracy"]).toBeGreaterThan(0.85);
    await expect(facts["own"]).toBeGreaterThan(Number(facts["across"]));
    await expect(facts["across"]).toBeGreaterThan(0.1);
    await expect(leaked).toBe(0);
  },
};

/** And with the smallest of changes? */
export const SmallPerturbation: Story = {
  args: { epsilon: 0.04, attack: "fgsm" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["across"]).toBeLessThan(0.2);
    await expect(leaked).toBe(0);
  },
};
