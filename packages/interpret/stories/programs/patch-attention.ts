import { attentionRollout } from "@pellucid/interpret";
import { colorScale, overlay, picture, readValues } from "@pellucid/interpret/draw";
import { attentionMaps, VisionTransformer } from "@pellucid/transformer";
import { dispose, expandDims, slice, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";

export interface Options extends AboutPicture {
  readonly view: "heads" | "rollout";
  /** Whose heads are drawn, from 1. */
  readonly layer: number;
}

export const options: Options = { net: "vit", picture: 3, target: 3, view: "rollout", layer: 3 };

export const program = ({ view, layer, ...about }: Options) =>
  withPicture(about, async ({ net, image, x }) => {
    if (!(net instanceof VisionTransformer)) throw new RangeError(`${about.net} has no patches.`);
    const side = net.imageSize / net.patchSize;
    const count = side * side;
    const attention = Object.values(attentionMaps(net, () => net.forward(x))); // of each layer, [1, head, 1 + patch, 1 + patch]
    const weights = tidy((): Tensor4D => {
      const heads = attention[layer - 1];
      if (heads === undefined) throw new RangeError(`The transformer has no layer ${layer}.`);
      const rows: Tensor4D = view === "heads" ? heads : expandDims(attentionRollout(attention), 1);
      return slice(rows, [0, 0, 0, 1], [1, -1, 1, count]); // from the class token to each patch
    });
    const { data } = await readValues(weights);
    dispose([weights, ...attention]);
    const maps = Array.from({ length: weights.shape[1] }, (_, head) =>
      Array.from(data).slice(head * count, (head + 1) * count),
    );
    const how = { scale: colorScale(maps, { signed: false }), width: 224, opacity: 0.75 };
    const pictures = [
      picture(image, { title: "Input", width: 224 }),
      ...maps.map((map, head) => {
        const title = view === "heads" ? `Layer ${layer}, head ${head + 1}` : "Rollout over three layers";
        return overlay(image, { data: map, shape: [side, side] }, { ...how, title });
      }),
    ];
    return { pictures, maps, side };
  });
