import type { Meta, StoryObj } from "@storybook/html-vite";
import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { someCode } from "../../stories/some-code.ts";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import type { Subject } from "../../stories/nets/subject.ts";
import { layerAt } from "../../stories/nets/subject.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { pictures } from "../draw/pictures.ts";
import { topActivations } from "./top-activations.ts";

interface Args {
  unit: number;
  count: number;
  layer: "first" | "last";
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Feature visualization/Top activations",
  argTypes: { unit: range(0, 63), count: range(1, 24), layer: controls.layer, net: controls.net },
  args: { unit: 0, count: 12, layer: "last", net: "shapes" },
  render: ({ unit, count, layer, net }, { id }) =>
    lab(
      {
        question: "Which images activate this unit most?",
        formula:
          "the pictures x of a data set with the largest max over positions of Aₖ(x)   (Girshick et al., 2014, section 3.1)",
        caveats:
          "The strongest few say nothing of the many where it fires a little. What is common to them in our eyes need not be what the unit answers to.",
        net,
        about: "net",
        code: (of) => `import { topActivations } from "@pellucid/interpret";
import { pictures } from "@pellucid/interpret/draw";
${someCode(200, of.shape)}
const units = await topActivations((images) => net.forward(images), net.${layerAt(of, layer)[0]}, [some], { count: ${count} });
const which = Math.min(${unit}, units.length - 1);
const top = units[which] ?? [];
const names = top.map(({ example, value }) => \`\${unseen.info.classes[labels[example] ?? 0]}: \${value.toFixed(1)}\`);
const shown = unseen.gather(Int32Array.from(top, ({ example }) => example)).x;
document.body.append(pictures(shown, { title: \`Unit \${which} of ${layerAt(of, layer)[0]}\`, labels: names, columns: 6, each: 96 }));`,
        run: async ({ subject, net: model, signal }) => {
          const [path, at] = layerAt(subject, layer);
          const { shape, classes } = subject;
          const { x, y } = (await subject.unseen()).gather(Int32Array.from({ length: 200 }, (_, i) => i));
          const found = await topActivations(
            (batch: Tensor4D) => model.forward(batch),
            at,
            batchesOf(x.data, shape),
            { count, signal },
          );
          const which = Math.min(unit, found.length - 1);
          const top = found[which] as (typeof found)[number];
          const size = shape[0] * shape[1] * shape[2];
          const data = Float32Array.from(
            top.flatMap(({ example }) => Array.from(x.data.subarray(example * size, (example + 1) * size))),
          );
          const labels = top.map(
            ({ example, value }) => `${classes[y.data[example] as number]}: ${value.toFixed(1)}`,
          );
          const share = purities(found, y.data);
          const uniform = 1 / classes.length;
          return {
            pictures: [
              pictures(
                { data, shape: [top.length, ...shape] },
                { title: `Unit ${which} of ${path}`, labels, columns: 6, each: 96 },
              ),
            ],
            facts: {
              falling: top.every(({ value }, i) => i === 0 || value <= (top[i - 1]?.value ?? 0)),
              share,
              uniform,
            },
            answer: `In the mean over the ${found.length} units of ${path}, ${Math.round(100 * share)} % of a unit's strongest pictures are of one class; by chance about ${Math.round(100 * uniform)} % would be.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** In which shapes does a unit of the last layer fire most? Mostly in those of one class. */
export const LastLayer: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["falling"]).toBe(true);
    await expect(facts["share"]).toBeGreaterThan(3 * Number(facts["uniform"]));
    await expect(leaked).toBe(0);
  },
};

function* batchesOf(data: Float32Array, shape: Subject["shape"]): Generator<Tensor4D> {
  const size = 50 * shape[0] * shape[1] * shape[2];
  for (let from = 0; from < data.length; from += size) {
    const batch = tensor4d(data.subarray(from, from + size), [50, ...shape]);
    try {
      yield batch;
    } finally {
      batch.dispose();
    }
  }
}

/** The share of a unit's pictures that are of its most frequent class, the mean over units. */
function purities(
  found: readonly (readonly { readonly example: number }[])[],
  labels: ArrayLike<number>,
): number {
  const of = (list: readonly { readonly example: number }[]) => {
    const counts = new Map<number, number>();
    for (const { example } of list)
      counts.set(labels[example] as number, (counts.get(labels[example] as number) ?? 0) + 1);
    return Math.max(...counts.values()) / list.length;
  };
  return found.reduce((sum, list) => sum + of(list), 0) / found.length;
}
