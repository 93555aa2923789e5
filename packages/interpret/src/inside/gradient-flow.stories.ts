import { DigitsCnn } from "@pellucid/cnn";
import {
  Accuracy,
  adam,
  batches,
  crossEntropy,
  fit,
  Rng,
  trainable,
  valueAndGradients,
} from "@pellucid/core-train";
import { EventFile, tensorBoard } from "@pellucid/core-train/tensorboard";
import { digits, type LabeledImages, toFloatImages } from "@pellucid/datasets";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { dispose, tensor1d, tensor4d, type Tensor4D, transpose } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { forTensorBoard } from "../../stories/for-tensorboard.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import { activationsOf } from "./activations-of.ts";
import { curves } from "../draw/curves.ts";
import { imageGrid } from "../draw/image-grid.ts";
import { readValues } from "../draw/values.ts";
import { filterImages } from "./filter-images.ts";
import { type Flow, gradientFlow } from "./gradient-flow.ts";

interface Args {
  epochs: number;
  learningRate: number;
  seed: number;
}

const meta: Meta<Args> = {
  title: "Training/Training in the page",
  argTypes: {
    epochs: range(1, 20),
    learningRate: range(0.0005, 0.05, 0.0005),
    seed: range(0, 9),
  },
  args: { epochs: 3, learningRate: 0.003, seed: 0 },
  render: ({ epochs, learningRate, seed }, { id }) =>
    lab(
      {
        question: "How does a model learn to read digits?",
        formula:
          "w ← w − Adam(∂loss/∂w);  flow: ‖∂loss/∂w‖ / ‖w‖ of each parameter, with an alarm where it vanishes or explodes",
        caveats:
          "One seed is one story: another may learn faster or slower. The loss that is drawn is that of the batches just seen; what counts is the accuracy on digits that it has not learned from.",
        nets: [],
        about: "net",
        code: () => `import { useBackend } from "@pellucid/backends";
import { DigitsCnn } from "@pellucid/cnn";
import { adam, batches, crossEntropy, fit, Rng } from "@pellucid/core-train";
import { digits, type LabeledImages, toFloatImages } from "@pellucid/datasets";
import { curves } from "@pellucid/interpret/draw";

await useBackend();
const rng = new Rng(${seed});
const net = new DigitsCnn({ rng });
const data = batches(toFloatImages((await digits()).train), { size: 64, shuffle: true, rng });
const how = { loss: crossEntropy, optimizer: adam({ learningRate: ${learningRate} }), epochs: ${epochs}, logEvery: 2 };
const loss: number[] = [];
for await (const event of fit(net, data, how)) if (event.kind === "step") loss.push(event.loss);
document.body.append(curves({ loss }, { title: "Loss of each batch", yLabel: "cross-entropy" }));`,
        run: async ({ signal, onProgress, show }) => {
          const { train, test } = await digits();
          const rng = new Rng(seed);
          const model = new DigitsCnn({ rng });
          const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
          const [loss, accuracy, flows]: [number[], number[], Flow[][]] = [[], [], []];
          const log = new EventFile();
          const draw = async () => {
            const filters = filterImages(model.conv1);
            const { data: values } = await readValues(filters);
            filters.dispose();
            return [
              curves({ loss }, { title: "Loss of each batch", yLabel: "cross-entropy" }),
              curves(
                { accuracy },
                {
                  title: "Accuracy on unseen digits",
                  x: accuracy.map((_, i) => i + 1),
                  xLabel: "epoch",
                  yLabel: "share right",
                },
              ),
              curves(byPath(flows), {
                title: "Gradient flow",
                x: flows.map((_, i) => i + 1),
                xLabel: "epoch",
                yLabel: "‖gradient‖ / ‖weights‖",
              }),
              imageGrid(
                { data: values, shape: [16, 3, 3] },
                { title: "First-layer filters", signed: true, width: 220 },
              ),
            ];
          };
          try {
            const training = fit(model, data, {
              loss: crossEntropy,
              optimizer: adam({ learningRate }),
              epochs,
              validation: batches(toFloatImages(test), { size: 450 }),
              metrics: { accuracy: new Accuracy() },
              logEvery: 2,
              signal,
            });
            for await (const event of tensorBoard(training, log)) {
              if (event.kind === "step") loss.push(event.loss);
              if (event.kind === "epoch") {
                accuracy.push(event.validation?.metrics["accuracy"] ?? NaN);
                flows.push(await flowOf(model, toFloatImages(train)));
                await logEpoch(log, model, flows.at(-1) as Flow[], event.epoch, toFloatImages(test));
                onProgress(event.epoch, epochs);
                show(...(await draw()));
              }
            }
            signal.throwIfAborted();
            const shown = await draw();
            const alarms = flows.at(-1)?.filter(({ alarm }) => alarm !== null) ?? [];
            const [first, last] = [loss[0] as number, loss.at(-1) as number];
            return {
              pictures: [...shown, forTensorBoard(log)],
              facts: { first, last, accuracy: accuracy.at(-1) as number, alarms: alarms.length },
              answer: `After ${epochs} epochs ${percent(accuracy.at(-1) as number)} of 450 unseen digits are right; the loss fell from ${first.toFixed(2)} to ${last.toFixed(2)}.`,
              verdict: {
                passed: alarms.length === 0,
                says:
                  alarms.length === 0
                    ? "Every parameter learns."
                    : alarms.map(({ path, alarm }) => `${path}: ${alarm}`).join("; "),
              },
            };
          } finally {
            model.dispose();
          }
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** How does a net come to know the digits? */
export const FromScratch: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["first"]).toBeGreaterThan(2); // near log 10
    await expect(facts["accuracy"]).toBeGreaterThan(0.85);
    await expect(facts["alarms"]).toBe(0);
    await expect(leaked).toBe(0);
    await expect(canvasElement.querySelector(".pictures button:only-child")).toHaveTextContent("TensorBoard");
  },
};

/** How weights and their flow are distributed after an epoch, what the filters look like, and what they make of a digit. */
async function logEpoch(
  log: EventFile,
  model: DigitsCnn,
  flows: readonly Flow[],
  epoch: number,
  images: LabeledImages<Float32Array>,
): Promise<void> {
  for (const [path, weights] of model.namedParameters()) log.addHistogram(path, weights, epoch);
  for (const { path, ratio } of flows) log.addScalar(`flow/${path}`, ratio, epoch);
  const { x } = images.get(0);
  const image = tensor4d(x.data, [1, 8, 8, 1]);
  const seen = activationsOf(model, () => model.forward(image));
  const maps = (path: string) => transpose(seen[path] as Tensor4D, [3, 1, 2, 0]); // [channel, height, width, 1]
  const shown = {
    filters: filterImages(model.conv1), // [filter, height, width, in]
    "feature maps/conv1": maps("conv1"),
    "feature maps/conv2": maps("conv2"),
  };
  dispose([image, ...Object.values(seen)]);
  for (const [tag, values] of Object.entries(shown)) {
    const { data, shape } = await readValues(values);
    values.dispose();
    const largest = Math.max(...Array.from(data, Math.abs)) || 1;
    log.addImages(tag, { data: Float32Array.from(data, (v) => 0.5 + v / largest / 2), shape }, epoch); // gray is 0
  }
}

async function flowOf(model: DigitsCnn, images: ReturnType<typeof toFloatImages>): Promise<Flow[]> {
  const { x, y } = images.gather(Int32Array.from({ length: 64 }, (_, i) => i));
  const [batch, labels] = [tensor4d(x.data, [64, 8, 8, 1]), tensor1d(y.data, "int32")];
  const { value, gradients } = valueAndGradients(trainable(model), () =>
    crossEntropy(model.forward(batch), labels),
  );
  const flows = await gradientFlow(trainable(model), gradients);
  for (const tensor of [batch, labels, value, ...Object.values(gradients)]) tensor.dispose();
  return flows;
}

function byPath(flows: readonly (readonly Flow[])[]): Record<string, number[]> {
  const weights = flows[0]?.filter(({ path }) => path.endsWith("weight")) ?? [];
  return Object.fromEntries(
    weights.map(({ path }) => [
      path,
      flows.map((flow) => flow.find((one) => one.path === path)?.ratio ?? NaN),
    ]),
  );
}
