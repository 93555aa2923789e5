import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, controls } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { activationsOf } from "./activations-of.ts";
import { colorScale } from "../draw/color-scale.ts";
import { imageGrid } from "../draw/image-grid.ts";
import { picture } from "../draw/picture.ts";
import { exampleOf, readValues, type Values } from "../draw/values.ts";

interface Args {
  scale: "unit" | "layer" | "model";
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Inside the model/Feature maps",
  argTypes: { scale: choice(["unit", "layer", "model"]), net: controls.net },
  args: { scale: "layer", net: "mnist" },
  render: ({ scale, net }, { id }) =>
    lab(
      {
        question: "What does each layer respond to in the image?",
        formula: "Aₖ(x), channel k of a layer's output at each position",
        caveats:
          "A bright map is not an important one: what the net does with it is not seen. One scale for a layer hides its weak channels, one for the whole model its weak layers; with one for each unit a map of hardly anything looks like any other. Numbers before a ReLU have signs; what is blue is cut off after it.",
        net,
        code: ({ layers }) => `import { activationsOf } from "@pellucid/interpret";
import { ${scale === "model" ? "colorScale, " : ""}exampleOf, imageGrid, readValues } from "@pellucid/interpret/draw";
import { type Tensor4D, transpose } from "@tensorflow/tfjs-core";

const seen = activationsOf(net, () => net.forward(images));
const maps = [];
for (const path of ${JSON.stringify(Object.keys(layers))}) {
  const channels = transpose(seen[path] as Tensor4D, [0, 3, 1, 2]);
  maps.push({ path, values: exampleOf(await readValues(channels)) }); // [channel, height, width]
}
${scale === "model" ? "const scale = colorScale(maps.map(({ values }) => values.data)); // one for all layers\n" : ""}for (const { path, values } of maps) {
  const [count, height, width] = values.shape;
  const title = \`\${path}: \${count} maps of \${height} × \${width}\`;
  document.body.append(imageGrid(values, { title${scale === "model" ? ", scale" : scale === "unit" ? ', scope: "unit"' : ""}, width: 380 }));
}`,
        run: async ({ subject, net: model, image, pixels }) => {
          const seen = activationsOf(model, () => model.forward(image));
          const maps: [string, Values][] = [];
          for (const [path, tensor] of Object.entries(seen)) {
            if (path in subject.layers) maps.push([path, channelsFirst(exampleOf(await readValues(tensor)))]);
            tensor.dispose();
          }
          const whole = colorScale(maps.map(([, { data }]) => data));
          const shown = maps.map(([path, values]) =>
            imageGrid(values, {
              title: `${path}: ${values.shape[0]} maps of ${values.shape[1]} × ${values.shape[2]}`,
              ...(scale === "model" ? { scale: whole } : { scope: scale }),
              width: 380,
            }),
          );
          const last = maps.at(-1)?.[1] as Values;
          const [count, , width] = last.shape as [number, number, number];
          const negative = Array.from(last.data).filter((v) => v < 0).length / last.data.length;
          return {
            pictures: [
              picture({ data: pixels, shape: subject.shape }, { title: "What the net sees", width: 224 }),
              ...shown,
            ],
            facts: { layers: maps.length, width, count, negative },
            answer: `${maps.length} layers have feature maps; the last one ${count} of ${width} × ${width} positions.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** What does each layer see of a digit? */
export const OfADigit: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts).toMatchObject({ layers: 2, count: 20, width: 8 });
    await expect(canvasElement.querySelectorAll("figure")).toHaveLength(3);
    await expect(leaked).toBe(0);
  },
};

/** And of a colored shape? Behind its last ReLU nothing is negative. */
export const OfAShape: Story = {
  args: { net: "shapes" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts).toMatchObject({ layers: 4, count: 64, width: 8, negative: 0 });
    await expect(leaked).toBe(0);
  },
};

/** And each channel by itself? Weak ones are seen too. */
export const ScaledPerChannel: Story = {
  args: { scale: "unit" },
  play: async ({ canvasElement }) => {
    const { pictures, leaked } = await answerOf(canvasElement);
    await expect(pictures.at(-1)?.textContent).toContain("each in shares of its largest");
    await expect(leaked).toBe(0);
  },
};

/** `[height, width, channel]` → `[channel, height, width]` */
function channelsFirst({ data, shape }: Values): Values {
  const [height, width, channels] = shape as [number, number, number];
  const positions = height * width;
  const turned = Float64Array.from(
    { length: positions * channels },
    (_, i) => data[(i % positions) * channels + Math.floor(i / positions)] as number,
  );
  return { data: turned, shape: [channels, height, width] };
}
