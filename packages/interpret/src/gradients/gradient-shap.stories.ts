import type { Meta, StoryObj } from "@storybook/html-vite";
import { mean, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { scoreOf, seeded, take } from "../../stories/measures.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { besides, mapCode, perPlace, total } from "../../stories/pixel-map.ts";
import { someCode } from "../../stories/some-code.ts";
import { classScore } from "../score/class-score.ts";
import { gradientShap } from "./gradient-shap.ts";

interface Args {
  samples: number;
  opacity: number;
  net: SubjectName;
}

const count = 20;

const meta: Meta<Args> = {
  title: "Which input matters/GradientSHAP",
  argTypes: { samples: range(10, 400, 10), opacity: controls.opacity, net: controls.net },
  args: { samples: 200, opacity: 0.9, net: "digits" },
  render: ({ samples, opacity, net }, { id }) =>
    lab(
      {
        question: "What does each pixel bring, counted from other pictures instead of from black?",
        formula:
          "mean over draws of (x − x₀) · ∂score/∂x at x₀ + α (x − x₀),  x₀ one of the others, α from 0 to 1   (Lundberg and Lee, 2017; Erion et al., 2021)",
        caveats:
          "The points are counted from the twenty pictures that were given: others give another map. It is a mean over draws, and few of them leave noise.",
        net,
        code: ({ shape }, name) =>
          mapCode(
            `import { classScore, gradientShap } from "@pellucid/interpret";
${someCode(count, shape)}`,
            `const how = { rng: new Rng(0), baselines: some, samples: ${samples} };
const map = await gradientShap(classScore(net, target), how)(images);`,
            { title: `Points for ${name}`, opacity },
          ),
        run: async (work) => {
          const { subject, net: model, image, target, name, signal, onProgress } = work;
          const { x } = (await subject.unseen()).gather(Int32Array.from({ length: count }, (_, i) => i));
          const baselines = tensor4d(x.data, [count, ...subject.shape]);
          try {
            const score = classScore<Tensor4D>(model, target);
            const options = { rng: seeded(), baselines, samples, signal, onProgress };
            const map = await perPlace(await gradientShap(score, options)(image));
            const all = score(baselines);
            const [usual] = await take(mean(all));
            all.dispose();
            const gained = (await scoreOf(score, image)) - (usual as number);
            const sum = total(map.data);
            return {
              pictures: besides(work, map, { title: `Points for ${name}`, signed: true, opacity }),
              facts: { error: Math.abs(sum - gained) / Math.abs(gained) },
              answer: `The pixels' points add up to ${sum.toFixed(2)}; the score is ${gained.toFixed(2)} above the mean of ${count} other pictures.`,
            };
          } finally {
            baselines.dispose();
          }
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** What does each pixel bring, against other digits? Black where others are white counts, too. */
export const AgainstOthers: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["error"]).toBeLessThan(0.15); // 200 draws
    await expect(leaked).toBe(0);
  },
};
