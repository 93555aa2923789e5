import type { Meta, StoryObj } from "@storybook/html-vite";
import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { scoreOf, take } from "../../stories/measures.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { curves } from "../draw/curves.ts";
import { heatmap } from "../draw/heatmap.ts";
import { picture } from "../draw/picture.ts";
import { fgsm } from "./fgsm.ts";
import { marginScore } from "../score/margin-score.ts";
import { minimalPerturbation } from "./minimal-perturbation.ts";
import { pgd } from "./pgd.ts";

const attacks = {
  fgsm: "x − ε sign(∂margin/∂x)   (Goodfellow et al., 2015)",
  pgd: "steps along sign(∂margin/∂x), each followed by going back into |δ| ≤ ε   (Madry et al., 2018)",
  minimalPerturbation:
    "to where the margin, made linear, is 0, again and again   (Moosavi-Dezfooli et al., 2016)",
} as const;

interface Args {
  attack: keyof typeof attacks;
  epsilon: number;
  towards: string;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Adversarial examples/Attacks",
  argTypes: {
    attack: choice(Object.keys(attacks)),
    epsilon: range(0.01, 0.5, 0.01),
    towards: choice(["any other class", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]),
    net: controls.net,
  },
  args: { attack: "pgd", epsilon: 0.2, towards: "any other class", net: "digits" },
  render: ({ attack, epsilon, towards, net }, { id }) =>
    lab(
      {
        question: "How small a perturbation changes the prediction?",
        formula: `margin = logit of the class − the largest other one;  ${attacks[attack]}`,
        caveats:
          "That an attack fails proves nothing: a better one may not. And what fools a net need not fool people, nor another net.",
        net,
        code: ({ classes }, name) => {
          const aim = Number(towards) % classes.length;
          const raised =
            Number.isInteger(aim) && aim !== classes.indexOf(name) && attack !== "minimalPerturbation";
          const options =
            attack === "minimalPerturbation"
              ? ""
              : `, { epsilon: ${epsilon}, direction: "${raised ? "raise" : "lower"}", range: [0, 1] }`;
          return `import { ${attack}, marginScore } from "@pellucid/interpret";
import { exampleOf, picture, readValues } from "@pellucid/interpret/draw";
import { argMax, type Tensor4D } from "@tensorflow/tfjs-core";

const margin = marginScore<Tensor4D>(net, ${raised ? `${aim}); // ${classes[aim]}` : "target);"}
const fooled = await ${attack}(margin${options})(images);
const [says = 0] = await argMax(net.forward(fooled), 1).data();
const title = \`Seen as \${unseen.info.classes[says]}\`;
document.body.append(picture(exampleOf(await readValues(fooled)), { title }));`;
        },
        run: async ({ subject, net: model, image, pixels, target, name, signal, onProgress }) => {
          const { classes, shape } = subject;
          const aim = Number(towards);
          const raised =
            Number.isInteger(aim) && aim % classes.length !== target && attack !== "minimalPerturbation";
          const own = marginScore<Tensor4D>(model, target);
          const score = raised ? marginScore<Tensor4D>(model, aim % classes.length) : own;
          const direction = raised ? "raise" : "lower";
          const range = [0, 1] as const;
          const attacked = async (size: number) => {
            if (attack === "minimalPerturbation") return minimalPerturbation(own, { signal })(image);
            if (attack === "fgsm") return fgsm(score, { epsilon: size, direction, range })(image);
            return pgd(score, { epsilon: size, direction, range, signal })(image);
          };
          const sizes = [0.2, 0.5, 1].map((share) => share * epsilon);
          const margins = [await scoreOf(own, image)];
          for (const [i, size] of sizes.entries()) {
            const at = await attacked(size);
            margins.push(await scoreOf(own, at));
            at.dispose();
            onProgress(i + 1, sizes.length);
          }
          const fooled = await take(await attacked(epsilon));
          const change = fooled.map((v, i) => v - (pixels[i] as number));
          const again = tensor4d(fooled, image.shape);
          const logits = await take(model.forward(again));
          again.dispose();
          const says = logits.indexOf(Math.max(...logits));
          const largest = Math.max(...change.map(Math.abs));
          const perPixel = Array.from({ length: shape[0] * shape[1] }, (_, i) =>
            change.slice(i * shape[2], (i + 1) * shape[2]).reduce((a, b) => a + b, 0),
          );
          return {
            pictures: [
              picture({ data: pixels, shape }, { title: `Seen as ${name}`, width: 224 }),
              heatmap(
                { data: perPixel, shape: shape.slice(0, 2) },
                { title: "What is changed", signed: true, width: 224 },
              ),
              picture({ data: fooled, shape }, { title: `Seen as ${classes[says]}`, width: 224 }),
              ...(attack === "minimalPerturbation"
                ? []
                : [
                    curves(
                      { margin: margins, "net changes its mind": margins.map(() => 0) },
                      {
                        title: "The margin falls",
                        x: [0, ...sizes],
                        xLabel: "largest change ε",
                        yLabel: "margin",
                      },
                    ),
                  ]),
            ],
            facts: {
              fooled: says !== target,
              says: classes[says] as string,
              largest,
              before: margins[0] as number,
              after: margins.at(-1) as number,
            },
            answer: `${name} is now seen as ${classes[says]}: no number of the picture changed by more than ${largest.toFixed(3)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** How little must change for the net to see another digit? */
export const Untargeted: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["before"]).toBeGreaterThan(0);
    await expect(facts["fooled"]).toBe(true);
    await expect(facts["largest"]).toBeLessThanOrEqual(0.2 + 1e-6);
    await expect(leaked).toBe(0);
  },
};

/** Can it be made to see an 8? */
export const Targeted: Story = {
  args: { towards: "8", net: "mnist", epsilon: 0.3 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["says"]).toBe("8");
    await expect(facts["largest"]).toBeLessThanOrEqual(0.3 + 1e-6);
    await expect(leaked).toBe(0);
  },
};

/** And a shape in color? A change that nobody sees is enough. */
export const InColor: Story = {
  args: { net: "shapes", epsilon: 0.05 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["fooled"]).toBe(true);
    await expect(facts["largest"]).toBeLessThanOrEqual(0.05 + 1e-6);
    await expect(leaked).toBe(0);
  },
};

/** What is the smallest change of all? */
export const MinimalPerturbation: Story = {
  args: { attack: "minimalPerturbation" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["fooled"]).toBe(true);
    await expect(facts["after"]).toBeLessThan(0);
    await expect(leaked).toBe(0);
  },
};
