import type { Meta, StoryObj } from "@storybook/html-vite";
import { tensor4d } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { someCode } from "../../stories/some-code.ts";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { take } from "../../stories/measures.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { percent } from "../../stories/on-ink.ts";
import { matrix } from "./matrix.ts";
import { pictures } from "./pictures.ts";

interface Args {
  count: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Training/Confusion matrix",
  argTypes: { count: range(50, 300, 50), net: controls.net },
  args: { count: 300, net: "digits" },
  render: ({ count, net }, { id }) =>
    lab(
      {
        question: "Which classes does the model confuse?",
        formula: "how many pictures of each class (rows) are seen as each class (columns)",
        caveats: "Counts hide how sure the net was. Few pictures of a class make its row a matter of chance.",
        net,
        about: "net",
        code: ({ shape, classes }) => `import { matrix } from "@pellucid/interpret/draw";
import { argMax } from "@tensorflow/tfjs-core";
${someCode(count, shape)}
const { classes } = unseen.info;
const says = await argMax(net.forward(some), 1).data();
const counts = new Float32Array(${classes.length ** 2});
labels.forEach((label, i) => (counts[${classes.length} * label + (says[i] ?? 0)]! += 1));
const names = { rowNames: classes, columnNames: classes, rowLabel: "is", columnLabel: "seen as" };
const square = { data: counts, shape: [${classes.length}, ${classes.length}] };
document.body.append(matrix(square, { title: "${count} unseen pictures", ...names }));`,
        run: async ({ subject, net: model, signal, onProgress }) => {
          const { classes, shape } = subject;
          const { x, y } = (await subject.unseen()).gather(Int32Array.from({ length: count }, (_, i) => i));
          const counts = new Float32Array(classes.length ** 2);
          const wrong: number[] = [];
          const says: number[] = [];
          const size = shape[0] * shape[1] * shape[2];
          for (let from = 0; from < count; from += 50) {
            signal.throwIfAborted();
            const images = tensor4d(x.data.slice(from * size, (from + 50) * size), [50, ...shape]);
            const logits = await take(model.forward(images));
            images.dispose();
            for (let i = 0; i < 50; i++) {
              const row = logits.subarray(i * classes.length, (i + 1) * classes.length);
              says.push(row.indexOf(Math.max(...row)));
            }
            onProgress(from + 50, count);
          }
          says.forEach((said, i) => {
            const is = y.data[i] as number;
            const at = is * classes.length + said;
            counts[at] = (counts[at] as number) + 1;
            if (said !== is) wrong.push(i);
          });
          const right = 1 - wrong.length / count;
          const labels = wrong.map(
            (i) => `${classes[y.data[i] as number]}, not ${classes[says[i] as number]}`,
          );
          const data = Float32Array.from(
            wrong.flatMap((i) => Array.from(x.data.subarray(i * size, (i + 1) * size))),
          );
          return {
            pictures: [
              matrix(
                { data: counts, shape: [classes.length, classes.length] },
                {
                  title: `${count} unseen pictures`,
                  rowNames: classes,
                  columnNames: classes,
                  rowLabel: "is",
                  columnLabel: "seen as",
                },
              ),
              ...(wrong.length > 0
                ? [
                    pictures(
                      { data, shape: [wrong.length, ...shape] },
                      { title: "Where it is wrong", labels, columns: 4, each: 80 },
                    ),
                  ]
                : []),
            ],
            facts: { right, sum: counts.reduce((a, b) => a + b, 0), wrong: wrong.length },
            answer: `${percent(right)} of ${count} pictures that it has not learned from are right; ${wrong.length} are wrong.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** What digit does the net take for what? */
export const OfDigits: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["right"]).toBeGreaterThan(0.95);
    await expect(facts["sum"]).toBe(300);
    await expect(leaked).toBe(0);
  },
};

/** And what shape? */
export const OfShapes: Story = { ...OfDigits, args: { net: "shapes" } };
