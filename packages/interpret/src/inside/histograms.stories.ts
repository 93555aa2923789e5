import type { Meta, StoryObj } from "@storybook/html-vite";
import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { someCode } from "../../stories/some-code.ts";
import { choice, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import type { Subject } from "../../stories/nets/subject.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { activationsOf } from "./activations-of.ts";
import { deadUnits } from "./dead-units.ts";
import { histogramChart } from "../draw/histogram-chart.ts";
import { histograms } from "./histograms.ts";

interface Args {
  of: "weights" | "activations";
  bins: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Inside the model/Histograms",
  argTypes: { of: choice(["weights", "activations"]), bins: range(5, 60), net: controls.net },
  args: { of: "weights", bins: 30, net: "digits" },
  render: ({ of, bins, net }, { id }) =>
    lab(
      {
        question:
          of === "weights" ? "How large are the net's weights?" : "How large are the layers' outputs?",
        formula:
          "how many values lie in each of the bins from the least to the largest, with NaN, infinite and 0 counted apart",
        caveats:
          "Values far out are few and hardly seen, though they may decide. A unit that never fires for these pictures may fire for others.",
        net,
        about: "net",
        code: ({ layers, shape }) =>
          of === "weights"
            ? `import { histograms } from "@pellucid/interpret";
import { histogramChart } from "@pellucid/interpret/draw";

const weights = [...net.namedParameters()].filter(([path]) => /(conv\\d|fc).*weight/.test(path));
for (const [title, counted] of Object.entries(await histograms(Object.fromEntries(weights), { bins: ${bins} })))
  document.body.append(histogramChart(counted, { title }));`
            : `import { activationsOf, histograms } from "@pellucid/interpret";
import { histogramChart } from "@pellucid/interpret/draw";
${someCode(64, shape)}
const seen = Object.entries(activationsOf(net, () => net.forward(some)));
const layers = seen.filter(([path]) => ${JSON.stringify(Object.keys(layers))}.includes(path));
for (const [title, counted] of Object.entries(await histograms(Object.fromEntries(layers), { bins: ${bins} })))
  document.body.append(histogramChart(counted, { title }));`,
        run: async ({ subject }) => {
          const images = await unseen(subject, 64);
          const seen = activationsOf(subject.model, () => subject.model.forward(images));
          images.dispose();
          const weights = [...subject.model.namedParameters()].filter(([path]) => /conv\d|fc/.test(path));
          const shown =
            of === "weights" ? weights.filter(([path]) => path.endsWith("weight")) : layersOf(subject, seen);
          const counted = await histograms(Object.fromEntries(shown), { bins });
          const last = Object.keys(subject.layers).at(-1) as string;
          const dead = await deadUnits(seen[last] as Tensor4D);
          for (const tensor of Object.values(seen)) tensor.dispose();
          const all = Object.values(counted);
          const broken = all.reduce((sum, { notANumber, infinite }) => sum + notANumber + infinite, 0);
          const counts = all.reduce((sum, { counts: each }) => sum + each.reduce((a, b) => a + b, 0), 0);
          const values = shown.reduce((sum, [, { size }]) => sum + size, 0);
          return {
            pictures: Object.entries(counted).map(([path, histogram]) =>
              histogramChart(histogram, { title: path }),
            ),
            facts: {
              broken,
              lost: values - counts,
              dead: dead.length,
              widest: Math.max(...all.map((h) => h.deviation)),
            },
            answer: `${values} values, ${broken} of them not a number or infinite; ${dead.length} units of ${last} never fire for 64 unseen pictures.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** How large are the weights? None is broken, and each is counted once. */
export const OfWeights: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts).toMatchObject({ broken: 0, lost: 0 });
    await expect(facts["widest"]).toBeGreaterThan(0.01);
    await expect(leaked).toBe(0);
  },
};

/** How large are activations, and how many units are dead? */
export const OfActivations: Story = {
  args: { of: "activations", net: "mnist" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts).toMatchObject({ broken: 0, lost: 0 });
    await expect(facts["dead"]).toBeLessThanOrEqual(2); // of 20
    await expect(leaked).toBe(0);
  },
};

async function unseen({ unseen: load, shape }: Subject, count: number): Promise<Tensor4D> {
  const { x } = (await load()).gather(Int32Array.from({ length: count }, (_, i) => i));
  return tensor4d(x.data, [count, ...shape]);
}

function layersOf({ layers }: Subject, seen: Awaited<ReturnType<typeof activationsOf>>) {
  return Object.entries(seen).filter(([path]) => path in layers);
}
