import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { seeded, take } from "../../stories/measures.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import type { Attribution } from "../score/attribution.ts";
import { classScore } from "../score/class-score.ts";
import { matrix } from "../draw/matrix.ts";
import { guidedBackprop } from "../relevance/guided-backprop.ts";
import { infidelity } from "./infidelity.ts";
import { maxSensitivity } from "./max-sensitivity.ts";
import { saliency } from "../gradients/saliency.ts";
import type { Score } from "../score/score.ts";
import { smoothGrad } from "../gradients/smooth-grad.ts";

const methods: Readonly<Record<string, (score: Score) => Attribution<Tensor4D>>> = {
  saliency,
  smoothGrad: (score) => (x) => smoothGrad(score, { rng: seeded(), samples: 20 })(x),
  guidedBackprop,
};

interface Args {
  noise: number;
  radius: number;
  samples: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Is the explanation true/Infidelity and sensitivity",
  argTypes: {
    noise: range(0.02, 0.3, 0.02),
    radius: range(0.01, 0.1, 0.01),
    samples: range(16, 256, 16),
    net: controls.net,
  },
  args: { noise: 0.1, radius: 0.02, samples: 128, net: "digits" },
  render: ({ noise, radius, samples, net }, { id }) =>
    lab(
      {
        question:
          "Does the map foretell what a small change does, and is it the same for nearly the same picture?",
        formula:
          "infidelity: E (I · φ(x) − (score(x) − score(x − I)))² over noise I;  sensitivity: max over |δ| ≤ r of ‖φ(x + δ) − φ(x)‖ / ‖φ(x)‖   (Yeh et al., 2019, definitions 2.1 and 3.1)",
        caveats:
          "Infidelity asks of small changes only, of which the gradient knows best. A map that never changes has no sensitivity, and may be of nothing.",
        net,
        code: () => `import { classScore, guidedBackprop, infidelity, maxSensitivity, saliency, smoothGrad } from "@pellucid/interpret";
import { matrix } from "@pellucid/interpret/draw";
import { type Tensor4D } from "@tensorflow/tfjs-core";

const score = classScore<Tensor4D>(net, target);
const methods = {
  saliency: saliency(score),
  smoothGrad: (x: Tensor4D) => smoothGrad(score, { rng: new Rng(0), samples: 20 })(x),
  guidedBackprop: guidedBackprop(score),
};
const [unfaithful, sensitive]: [number[], number[]] = [[], []];
for (const explain of Object.values(methods)) {
  const map = await explain(images);
  const off = await infidelity(score, map, images, { rng: new Rng(0), samples: ${samples}, noise: ${noise} });
  unfaithful.push((await off.data())[0]!);
  const bent = await maxSensitivity(explain, images, { rng: new Rng(0), radius: ${radius} });
  sensitive.push((await bent.data())[0]!);
}
const columnNames = Object.keys(methods);
const labels = { rowLabel: "measure", columnLabel: "method", signed: false };
const draw = (what: string, title: string, data: number[]) =>
  document.body.append(matrix({ data, shape: [1, 3] }, { title, rowNames: [what], columnNames, ...labels }));
draw("infidelity", "Infidelity: the lower the better", unfaithful);
draw("sensitivity", "Sensitivity: the lower the calmer", sensitive);`,
        run: async ({ net: model, image, target, signal, onProgress }) => {
          const score = classScore<Tensor4D>(model, target);
          const names = Object.keys(methods);
          const [unfaithful, sensitive]: [number[], number[]] = [[], []];
          for (const [i, make] of Object.values(methods).entries()) {
            const explain = make(score);
            const map = await explain(image);
            try {
              const options = { rng: seeded(), samples, noise, signal };
              unfaithful.push((await take(await infidelity(score, map, image, options)))[0] as number);
              const near = { rng: seeded(), radius, signal };
              sensitive.push((await take(await maxSensitivity(explain, image, near)))[0] as number);
            } finally {
              map.dispose();
            }
            onProgress(i + 1, names.length);
          }
          const row = (what: string, title: string, data: number[]) =>
            matrix(
              { data, shape: [1, names.length] },
              {
                title,
                rowNames: [what],
                columnNames: names,
                rowLabel: "measure",
                columnLabel: "method",
                signed: false,
              },
            );
          const of = (values: readonly number[], name: string) => values[names.indexOf(name)] as number;
          return {
            pictures: [
              row("infidelity", "Infidelity: the lower the better", unfaithful),
              row("sensitivity", "Sensitivity: the lower the calmer", sensitive),
            ],
            facts: {
              gradient: of(unfaithful, "saliency"),
              guided: of(unfaithful, "guidedBackprop"),
              rough: of(sensitive, "saliency"),
              smooth: of(sensitive, "smoothGrad"),
            },
            answer: `The gradient foretells a small change ${(of(unfaithful, "guidedBackprop") / of(unfaithful, "saliency")).toFixed(1)} times as well as guided backpropagation; averaged over noise it changes by ${(100 * of(sensitive, "smoothGrad")).toFixed(0)} % for nearly the same picture, alone by ${(100 * of(sensitive, "saliency")).toFixed(0)} %.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Does the map foretell what a change does? The gradient better than guided backpropagation. */
export const ThreeMethods: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["gradient"]).toBeLessThan(Number(facts["guided"]));
    await expect(facts["smooth"]).toBeLessThan(Number(facts["rough"]));
    await expect(leaked).toBe(0);
  },
};
