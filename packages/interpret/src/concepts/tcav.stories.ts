import { Rng } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import type { Subject } from "../../stories/nets/subject.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { percent } from "../../stories/on-ink.ts";
import { classScore } from "../score/class-score.ts";
import { conceptVector } from "./concept-vector.ts";
import { matrix } from "../draw/matrix.ts";
import { pictures } from "../draw/pictures.ts";
import { tcav } from "./tcav.ts";

/** Which classes have it. */
const concepts: Readonly<Record<string, readonly string[]>> = {
  "made of arms": ["star", "cross"],
  "round outside": ["circle", "ring"],
  "a hole": ["ring"],
};

interface Args {
  concept: string;
  kind: string;
  randomConcepts: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Is the explanation true/Concepts",
  argTypes: {
    concept: choice(Object.keys(concepts)),
    kind: choice(["circle", "square", "triangle", "star", "cross", "ring"]),
    randomConcepts: range(2, 10),
    net: controls.net,
  },
  args: { concept: "made of arms", kind: "cross", randomConcepts: 4, net: "shapes" },
  render: ({ concept, kind, randomConcepts, net }, { id }) =>
    lab(
      {
        question: "Does the net use this idea of ours for this class?",
        formula:
          "share of the class's pictures with ∂score/∂h · v > 0,  v the normal between pictures with the concept and others   (Kim et al., 2018, eq. 2)",
        caveats:
          "The vector is that of the pictures given for the concept, with whatever else they share. Any vector has some share: only what differs from the shares of random concepts counts.",
        net,
        nets: ["shapes"],
        about: "net",
        code: ({ classes, shape }) => `import { classScore, conceptVector, tcav } from "@pellucid/interpret";
import { matrix } from "@pellucid/interpret/draw";
import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";

const { classes } = unseen.info;
const named = Array.from(unseen.labels.data, (label) => classes[label]!);
const load = (which: readonly number[]) =>
  tensor4d(unseen.gather(Int32Array.from(which)).x.data, [which.length, ${shape.join(", ")}]);
const first = Array.from({ length: 200 }, (_, i) => i);
const having = first.filter((i) => ${JSON.stringify(concepts[concept])}.includes(named[i]!));
const lacking = first.filter((i) => !having.includes(i));
const asked = load(Array.from(named.keys()).filter((i) => i >= 200 && named[i] === "${kind}"));

const score = classScore<Tensor4D>(net, ${classes.indexOf(kind)}); // ${kind}
const shareOf = async (concept: readonly number[], others: readonly number[]) => {
  const given = { concept: load(concept.slice(0, 24)), others: load(others.slice(0, 24)) };
  const how = { rng: new Rng(0), steps: 40 };
  const direction = await conceptVector((x: Tensor4D) => net.forward(x), net.layer2, given, how);
  return (await tcav(score, net.layer2, direction)(asked).data())[0]!;
};
const shares = [await shareOf(having, lacking)];
for (let seed = 1; seed <= ${randomConcepts}; seed++) {
  const order = Array.from(new Rng(seed).randperm(200));
  shares.push(await shareOf(order, order.slice(24)));
}
const columnNames = shares.map((_, i) => (i === 0 ? ${JSON.stringify(concept)} : \`by chance \${i}\`));
const options = { rowNames: ["${kind}"], columnNames, signed: false, limit: 1 };
document.body.append(matrix({ data: shares, shape: [1, shares.length] }, { title: "Share whose score rises", ...options }));`,
        run: async ({ subject, net: model, signal, onProgress }) => {
          const layer = subject.layers["layer2"] as Subject["layers"][string];
          const { classes, shape } = subject;
          const data = await subject.unseen();
          const named = Array.from(data.labels.data, (label) => classes[label] as string);
          const all = Array.from(named.keys());
          const having = all.filter(
            (i) => i < 200 && (concepts[concept] as readonly string[]).includes(named[i] as string),
          );
          const lacking = all.filter((i) => i < 200 && !having.includes(i));
          const asked = all.filter((i) => i >= 200 && named[i] === kind);
          const load = (which: readonly number[]) => {
            const { x } = data.gather(Int32Array.from(which));
            return tensor4d(x.data, [which.length, ...shape]);
          };
          const ofClass = load(asked);
          const score = classScore<Tensor4D>(model, classes.indexOf(kind));
          const shareOf = async (inside: readonly number[], outside: readonly number[], seed: number) => {
            const [given, others] = [load(inside), load(outside)];
            try {
              const options = { rng: new Rng(seed), steps: 40, signal };
              const direction = await conceptVector(
                (x: Tensor4D) => model.forward(x),
                layer,
                { concept: given, others },
                options,
              );
              const share = tcav(score, layer, direction)(ofClass);
              const [value] = await share.data();
              for (const x of [direction, share]) x.dispose();
              return value as number;
            } finally {
              for (const x of [given, others]) x.dispose();
            }
          };
          const count = 24;
          try {
            const share = await shareOf(having.slice(0, count), lacking.slice(0, count), 0);
            const random: number[] = [];
            for (let i = 0; i < randomConcepts; i++) {
              const order = Array.from(new Rng(i + 1).randperm(200));
              random.push(await shareOf(order.slice(0, count), order.slice(count, 2 * count), 0));
              onProgress(i + 1, randomConcepts);
            }
            const uniform = random.reduce((a, b) => a + b, 0) / random.length;
            const shown = (which: readonly number[], title: string) =>
              pictures(
                { data: data.gather(Int32Array.from(which.slice(0, 8))).x.data, shape: [8, ...shape] },
                { title, columns: 4, each: 64 },
              );
            return {
              pictures: [
                matrix(
                  { data: [share, ...random], shape: [1, 1 + random.length] },
                  {
                    title: "Share whose score rises",
                    rowNames: [kind],
                    columnNames: [concept, ...random.map((_, i) => `by chance ${i + 1}`)],
                    signed: false,
                    limit: 1,
                  },
                ),
                shown(having, `With “${concept}”`),
                shown(lacking, "Others"),
                shown(asked, `Asked: ${kind}`),
              ],
              facts: { share, uniform, spread: Math.max(...random) - Math.min(...random) },
              answer: `For ${percent(share)} of ${asked.length} unseen pictures of ${kind}, more of “${concept}” raises the score; for random concepts it is ${percent(uniform)} on average (${random.map(percent).join(", ")}).`,
            };
          } finally {
            ofClass.dispose();
          }
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Is a cross something made of arms, to the net? */
export const ArmsOfACross: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["share"]).toBeGreaterThan(0.8);
    await expect(facts["share"]).toBeGreaterThan(Number(facts["uniform"]));
    await expect(leaked).toBe(0);
  },
};

/** And a circle? */
export const NoArmsOfACircle: Story = {
  args: { kind: "circle" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["share"]).toBeLessThan(0.2);
    await expect(leaked).toBe(0);
  },
};
