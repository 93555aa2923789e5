import { Rng } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { mean, type Tensor, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { someCode } from "../../stories/some-code.ts";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { percent } from "../../stories/on-ink.ts";
import { activationsOf } from "../inside/activations-of.ts";
import { curves } from "../draw/curves.ts";
import { linearProbe } from "./linear-probe.ts";

interface Args {
  steps: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Is the explanation true/Linear probes",
  argTypes: { steps: range(20, 300, 20), net: controls.net },
  args: { steps: 100, net: "shapes" },
  render: ({ steps, net }, { id }) =>
    lab(
      {
        question: "From which layer on can a linear classifier read the class?",
        formula:
          "accuracy of softmax(W h + b) on pictures that it was not fitted to, less that of the same for shuffled labels   (Alain and Bengio, 2016; Hewitt and Liang, 2019)",
        caveats:
          "What can be read need not be used by the net. A probe with many features learns shuffled labels too; that is why it is held against them.",
        net,
        about: "net",
        code: ({ layers, shape }) => `import { activationsOf, linearProbe } from "@pellucid/interpret";
import { curves } from "@pellucid/interpret/draw";
import { mean, type Tensor4D } from "@tensorflow/tfjs-core";
${someCode(200, shape)}
const seen = activationsOf(net, () => net.forward(some));
const [accuracy, shuffled]: [number[], number[]] = [[], []];
for (const maps of [some, ${Object.keys(layers)
          .map((path) => `seen["${path}"]`)
          .join(", ")}]) {
  const means = mean(maps as Tensor4D, [1, 2]); // [200, channel]
  const probe = await linearProbe(means, labels, { rng: new Rng(0), steps: ${steps}, learningRate: 0.1 });
  accuracy.push(probe.accuracy);
  shuffled.push(probe.controlAccuracy);
}
const title = "What a linear classifier reads from each layer's means";
const [xLabel, yLabel] = ["0: the picture's colors; ${Object.keys(layers)
          .map((path, i) => `${i + 1}: ${path}`)
          .join("; ")}", "share of right answers"];
document.body.append(curves({ accuracy, "shuffled labels": shuffled }, { title, xLabel, yLabel }));`,
        run: async ({ subject, net: model, signal, onProgress }) => {
          const count = 200;
          const { x, y } = (await subject.unseen()).gather(Int32Array.from({ length: count }, (_, i) => i));
          const layers = Object.entries(subject.layers);
          const images = tensor4d(x.data, [count, ...subject.shape]);
          const seen = activationsOf(model, () => model.forward(images));
          const kept = [images, ...layers.map(([path]) => seen[path] as Tensor)];
          const means = kept.map((maps) => tidy((): Tensor => mean(maps, [1, 2])));
          for (const tensor of [images, ...Object.values(seen)]) tensor.dispose();
          const found: Record<"accuracy" | "shuffled labels", number[]> = {
            accuracy: [],
            "shuffled labels": [],
          };
          try {
            for (const [i, features] of means.entries()) {
              const options = { rng: new Rng(0), steps, learningRate: 0.1, signal };
              const probe = await linearProbe(features, Array.from(y.data), options);
              found.accuracy.push(probe.accuracy);
              found["shuffled labels"].push(probe.controlAccuracy);
              onProgress(i + 1, means.length);
            }
          } finally {
            for (const features of means) features.dispose();
          }
          const last = found.accuracy.at(-1) as number;
          const first = found.accuracy[0] as number;
          return {
            pictures: [
              curves(found, {
                title: "What a linear classifier reads from each layer's means",
                xLabel: `0: the picture's colors; ${layers.map(([path], i) => `${i + 1}: ${path}`).join("; ")}`,
                yLabel: "share of right answers",
              }),
            ],
            facts: { first, last, control: found["shuffled labels"].at(-1) as number },
            answer: `From the means of the last layer's maps, ${percent(last)} of the classes can be read; from the picture's mean color ${percent(first)}; with shuffled labels ${percent(found["shuffled labels"].at(-1) as number)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** From which layer on can the shape be read? */
export const OfShapes: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["last"]).toBeGreaterThan(0.9);
    await expect(facts["first"]).toBeLessThan(0.5);
    await expect(facts["control"]).toBeLessThan(0.4);
    await expect(leaked).toBe(0);
  },
};
