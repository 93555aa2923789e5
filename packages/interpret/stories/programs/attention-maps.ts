import { attentionFlow, attentionRollout } from "@pellucid/interpret";
import { colorScale, heatmap, readValues } from "@pellucid/interpret/draw";
import { attentionMaps } from "@pellucid/transformer";
import { dispose, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { gptReader } from "../nets/plays-reader.ts";

export interface Options {
  readonly text: string;
  readonly view: "heads" | "rollout" | "flow";
  /** Whose heads are drawn, from 1. */
  readonly layer: number;
}

export const options: Options = { text: "To be, or not to", view: "heads", layer: 1 };

export async function program({ text, view, layer }: Options) {
  const { net, encode } = await gptReader();
  const { texts, ids } = encode(text);
  const n = texts.length;
  const maps = await mapsOf(tensor2d(ids, [1, n], "int32"));
  const scale = colorScale(
    maps.map(({ data }) => data),
    { signed: false },
  );
  const how = { rowNames: texts, columnNames: texts, scale, width: Math.min(20 * n, 420) };
  const pictures = maps.map(({ title, data }) => heatmap({ data, shape: [n, n] }, { ...how, title }));
  return { pictures, maps };

  /** Each `[position, position]`. */
  async function mapsOf(tokens: Tensor2D) {
    const attention = Object.values(attentionMaps(net, () => net.forward(tokens))); // of each layer, [1, head, n, n]
    try {
      if (view === "flow")
        return [{ title: "Attention flow through both layers", data: (await attentionFlow(attention)).data }];
      if (view === "rollout") {
        const rolled = attentionRollout(attention); // [1, n, n]
        const { data } = await readValues(rolled);
        rolled.dispose();
        return [{ title: "Attention rollout over both layers", data: Float32Array.from(data) }];
      }
      const heads = attention[layer - 1];
      if (heads === undefined) throw new RangeError(`The GPT has no layer ${layer}.`);
      const data = Float32Array.from(await heads.data());
      return Array.from({ length: heads.shape[1] }, (_, head) => ({
        title: `Layer ${layer}, head ${head + 1}`,
        data: data.subarray(head * n * n, (head + 1) * n * n),
      }));
    } finally {
      dispose([tokens, ...attention]);
    }
  }
}
