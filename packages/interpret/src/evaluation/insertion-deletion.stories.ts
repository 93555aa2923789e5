import type { Meta, StoryObj } from "@storybook/html-vite";
import { type Tensor, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { seeded } from "../../stories/measures.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { classScore } from "../score/class-score.ts";
import { curves } from "../draw/curves.ts";
import { inputXGradient } from "../gradients/input-x-gradient.ts";
import { insertionDeletion } from "./insertion-deletion.ts";
import { integratedGradients } from "../gradients/integrated-gradients.ts";
import { saliency } from "../gradients/saliency.ts";
import type { Score } from "../score/score.ts";
import { shapley } from "../perturbation/shapley.ts";

const methods: Readonly<Record<string, (score: Score) => (x: Tensor4D) => Tensor | Promise<Tensor>>> = {
  integratedGradients: (score) => integratedGradients(score, { steps: 16 }),
  inputXGradient,
  saliency,
  shapley: (score) => shapley(score, { rng: seeded(), samples: 1024 }),
};

interface Args {
  method: string;
  against: string;
  step: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Is the explanation true/Insertion and deletion",
  argTypes: {
    method: choice(Object.keys(methods)),
    against: choice([...Object.keys(methods), "by chance"]),
    step: range(1, 32),
    net: controls.net,
  },
  args: { method: "integratedGradients", against: "by chance", step: 1, net: "digits" },
  render: ({ method, against, step, net }, { id }) =>
    lab(
      {
        question: "Does the score fall when what the map calls important goes?",
        formula:
          "area under score(x without its most important places), and under score(only these), over shares of places   (Petsiuk, Das and Saenko, 2018, section 4.1)",
        caveats:
          "Pictures with holes are none that the net has seen: the score can fall because of the holes. A map that is right about what the net sees can lose to one that is good at breaking it.",
        net,
        code: ({ shape }) => {
          const makes: Readonly<Record<string, string>> = {
            integratedGradients: "await integratedGradients(score, { steps: 16 })(images)",
            shapley: "await shapley(score, { rng: new Rng(0), samples: 1024 })(images)",
            "by chance": `tensor4d(new Rng(0).rand([1, ${shape.join(", ")}]).data, [1, ${shape.join(", ")}])`,
          };
          const tools = [method, against].filter(
            (name, i, all) => name in methods && all.indexOf(name) === i,
          );
          const make = (name: string) => makes[name] ?? `${name}(score)(images)`;
          return `import { classScore, insertionDeletion, ${tools.join(", ")} } from "@pellucid/interpret";
import { curves } from "@pellucid/interpret/draw";
import { type Tensor4D } from "@tensorflow/tfjs-core";

const score = classScore<Tensor4D>(net, target);
const map = ${make(method)};
const other = ${make(against)};
const ours = await insertionDeletion(score, map, images, { step: ${step} });
const theirs = await insertionDeletion(score, other, images, { step: ${step} });
for (const kind of ["deletion", "insertion"] as const) {
  const lines = { ${JSON.stringify(method)}: ours[kind].scores[0]!, ${JSON.stringify(against)}: theirs[kind].scores[0]! };
  const [line] = Object.values(lines) as [Float32Array];
  const x = Array.from(line, (_, i) => i / (line.length - 1));
  const title = kind === "deletion" ? "Deletion: the lower the better" : "Insertion: the higher the better";
  document.body.append(curves(lines, { title, x, xLabel: "share of places", yLabel: "score" }));
}`;
        },
        run: async ({ net: model, image, target, signal, onProgress }) => {
          const score = classScore<Tensor4D>(model, target);
          const judge = async (name: string) => {
            const explain = methods[name];
            const rng = seeded();
            const map =
              explain === undefined
                ? tensor4d(rng.rand(image.shape).data, image.shape)
                : await explain(score)(image);
            const found = await insertionDeletion(score, map, image, { step, signal, onProgress });
            map.dispose();
            return found;
          };
          const [ours, theirs] = [await judge(method), await judge(against)];
          const line = (curve: typeof ours.deletion) => curve.scores[0] as Float32Array;
          const area = (curve: typeof ours.deletion) => curve.area[0] as number;
          const x = Array.from(line(ours.deletion), (_, i) => i / (line(ours.deletion).length - 1));
          const axes = { x, xLabel: "share of places", yLabel: "score" };
          return {
            pictures: [
              curves(
                { [method]: line(ours.deletion), [against]: line(theirs.deletion) },
                { ...axes, title: "Deletion: the lower the better" },
              ),
              curves(
                { [method]: line(ours.insertion), [against]: line(theirs.insertion) },
                { ...axes, title: "Insertion: the higher the better" },
              ),
            ],
            facts: {
              deletion: area(ours.deletion),
              otherDeletion: area(theirs.deletion),
              insertion: area(ours.insertion),
              otherInsertion: area(theirs.insertion),
            },
            answer: `Mean score while the most important goes: ${area(ours.deletion).toFixed(2)}, by the other order ${area(theirs.deletion).toFixed(2)}; while it comes: ${area(ours.insertion).toFixed(2)} and ${area(theirs.insertion).toFixed(2)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Do integrated gradients know better than chance what matters? */
export const BetterThanChance: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["deletion"]).toBeLessThan(Number(facts["otherDeletion"]));
    await expect(facts["insertion"]).toBeGreaterThan(Number(facts["otherInsertion"]));
    await expect(leaked).toBe(0);
  },
};

/** Does what a pixel brings matter more than its slope alone? Shapley values are counted by hiding, so hiding proves them right. */
export const ShapleyAgainstTheGradient: Story = {
  ...BetterThanChance,
  args: { method: "shapley", against: "saliency" },
};
