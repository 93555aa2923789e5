import { abs, Linear, matMul, max } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { add, sub, transpose, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { take } from "../../stories/measures.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { heatmap } from "../draw/heatmap.ts";
import { exampleOf, readValues } from "../draw/values.ts";
import { weightMatrix } from "./weight-matrix.ts";

interface Args {
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Inside the model/Weight matrices",
  argTypes: { net: { table: { disable: true } } },
  args: { net: "shapes" },
  render: ({ net }, { id }) =>
    lab(
      {
        question: "Which features are evidence for which class?",
        formula: "W of the last layer, [class, feature]: a class's points are W h + b",
        caveats:
          "A large weight on a feature that never fires does nothing. Weights of other layers connect features that nobody has named.",
        net,
        nets: ["shapes", "mnist"],
        about: "net",
        code: ({ classes }) => `import { weightMatrix } from "@pellucid/interpret";
import { heatmap, readValues } from "@pellucid/interpret/draw";

const rowNames = ${JSON.stringify(classes)};
const options = { title: "The last layer: classes by features", rowNames, width: 640, cellAspect: 0.4, signed: true };
document.body.append(heatmap(await readValues(weightMatrix(net.fc)), options));`,
        run: async ({ subject, net: model, image }) => {
          const last = [...model.namedModules()]
            .map(([, layer]) => layer)
            .findLast((layer) => layer instanceof Linear);
          if (last === undefined) throw new Error("This net has no linear layer.");
          const weights = weightMatrix(last);
          const [classes, features] = weights.shape;
          const values = await readValues(weights);
          const off = tidy(() => {
            const scores = matMul(subject.features(image), transpose(weights)); // [1, class]
            const withBias = last.bias === null ? scores : add(scores, last.bias);
            return max(abs(sub(withBias, model.forward(image))));
          });
          weights.dispose();
          const [apart] = await take(off);
          const sizes = Array.from({ length: classes }, (_, i) =>
            Math.max(...Array.from(exampleOf(values, i).data, Math.abs)),
          );
          return {
            pictures: [
              heatmap(values, {
                title: "The last layer: classes by features",
                rowNames: subject.classes,
                width: 640,
                cellAspect: 0.4,
                signed: true,
              }),
            ],
            facts: { classes, features, apart: apart as number },
            answer: `${classes} classes weigh ${features} features; the largest weight is ${Math.max(...sizes).toFixed(2)}, for ${subject.classes[sizes.indexOf(Math.max(...sizes))]}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Which of 64 features speak for which shape? */
export const OfShapes: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["classes"]).toBe(6);
    await expect(facts["features"]).toBe(64);
    await expect(facts["apart"]).toBeLessThan(1e-4); // W h + b is what the net says
    await expect(leaked).toBe(0);
  },
};
