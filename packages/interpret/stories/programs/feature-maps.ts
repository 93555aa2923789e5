import { activationsOf } from "@pellucid/interpret";
import { colorScale, exampleOf, imageGrid, picture, readValues, type Values } from "@pellucid/interpret/draw";
import { transpose } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";

export interface Options extends AboutPicture {
  /** What shares a color scale. */
  readonly scale: "unit" | "layer" | "model";
}

export const options: Options = { net: "mnist", picture: 3, target: 3, scale: "layer" };

export const program = ({ scale: scope, ...about }: Options) =>
  withPicture(about, async ({ net, subject: { layers }, image, x }) => {
    const maps: Readonly<{ path: string; values: Values }>[] = [];
    for (const [path, activation] of Object.entries(activationsOf(net, () => net.forward(x)))) {
      if (path in layers) {
        const channels = transpose(activation, [0, 3, 1, 2]); // [1, channel, height, width]
        maps.push({ path, values: exampleOf(await readValues(channels)) });
        channels.dispose();
      }
      activation.dispose();
    }
    const whole = colorScale(maps.map(({ values }) => values.data));
    const grids = maps.map(({ path, values }) => {
      const [count, height, width] = values.shape;
      const title = `${path}: ${count} maps of ${height} × ${width}`;
      return imageGrid(values, { title, width: 380, ...(scope === "model" ? { scale: whole } : { scope }) });
    });
    return { pictures: [picture(image, { title: "Input", width: 224 }), ...grids], maps };
  });
