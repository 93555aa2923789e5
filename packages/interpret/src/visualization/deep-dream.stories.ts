import { Rng } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { mean, square, type Tensor1D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { scoreOf, take } from "../../stories/measures.ts";
import type { Subject } from "../../stories/nets/subject.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { deepDream } from "./deep-dream.ts";
import { picture } from "../draw/picture.ts";
import { measureAt } from "../score/measure-at.ts";
import type { Score } from "../score/score.ts";

interface Args {
  layer: "first" | "last" | "middle";
  octaves: number;
  steps: number;
  stepSize: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Feature visualization/DeepDream",
  argTypes: {
    layer: choice(["first", "middle", "last"]),
    octaves: range(1, 4),
    steps: range(1, 30),
    stepSize: range(0.005, 0.1, 0.005),
    net: controls.net,
  },
  args: { layer: "middle", octaves: 2, steps: 10, stepSize: 0.03, net: "shapes" },
  render: ({ layer, octaves, steps, stepSize, net }, { id }) =>
    lab(
      {
        question: "What does the image become when a layer's activations are amplified?",
        formula:
          "x ← x + step · g / mean |g|,  g = ∂ mean(A²)/∂x, in octaves, shifted at random for each step   (Mordvintsev, Olah and Tyka, 2015)",
        caveats:
          "It is an amplifier: it shows what the layer can answer to, whether or not it was in the picture.",
        net,
        code: (of) => `import { capture } from "@pellucid/core-train";
import { deepDream } from "@pellucid/interpret";
import { exampleOf, picture, readValues } from "@pellucid/interpret/draw";
import { mean, square, type Tensor1D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

const layer = net.${placed(of, layer)[0]};
const louder = (x: Tensor4D) =>
  tidy(() => mean<Tensor1D>(square(capture(layer, () => net.forward(x))), [1, 2, 3]));
const options = { rng: new Rng(0), octaves: ${octaves}, steps: ${steps}, stepSize: ${stepSize}, jitter: 2 };
const dreamed = await deepDream(louder, options)(images);
document.body.append(picture(exampleOf(await readValues(dreamed)), { title: "What ${placed(of, layer)[0]} makes of it" }));`,
        run: async ({ subject, net: model, image, pixels, name, signal, onProgress }) => {
          const [path, at] = placed(subject, layer);
          const loud: Score = (x) =>
            tidy(() => {
              const of = (y: Tensor4D) => mean(square(y), [1, 2, 3]);
              return measureAt("deepDream", [at], of, () => model.forward(x))[0] as Tensor1D;
            });
          const options = { rng: new Rng(0), octaves, steps, stepSize, jitter: 2, signal, onProgress };
          const dreamed = await deepDream(loud, options)(image);
          const [before, after] = [await scoreOf(loud, image), await scoreOf(loud, dreamed)];
          const { shape } = subject;
          const data = await take(dreamed);
          return {
            pictures: [
              picture({ data: pixels, shape }, { title: `A ${name}`, width: 256 }),
              picture({ data, shape }, { title: `What ${path} makes of it`, width: 256 }),
            ],
            facts: { before, after },
            answer: `The mean square of ${path} rose from ${before.toFixed(3)} to ${after.toFixed(3)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** What does the net see, if it sees more of what it sees? */
export const OfAShape: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["after"]).toBeGreaterThan(2 * Number(facts["before"]));
    await expect(leaked).toBe(0);
  },
};

function placed({ layers }: Subject, layer: Args["layer"]): [string, Subject["layers"][string]] {
  const all = Object.entries(layers);
  const at = { first: 0, middle: Math.floor((all.length - 1) / 2), last: all.length - 1 }[layer];
  return all[at] as [string, Subject["layers"][string]];
}
