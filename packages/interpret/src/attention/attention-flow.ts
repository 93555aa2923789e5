import { checkArguments } from "@pellucid/core-train";
import type { HostTensor } from "@pellucid/core-train";
import { tidy, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkFinite, modelAdvice } from "../run/check-finite.ts";
import { checkMaps, withResidual } from "./attention-rollout.ts";

/**
 * How much could flow from each input to each position at the top, if attention weights were the widths of pipes: the greatest flow from
 * one to the other through all layers, each the mean of its heads where the residual connection carries half of each position.
 *
 * Abnar and Zuidema, 2020. Quantifying attention flow in transformers. https://arxiv.org/abs/2005.00928
 *
 * It takes a search for each pair of positions, so take short texts.
 *
 * @param maps of each layer from the first, `[batch, head, position, position]`
 * @returns `[batch, position, input]`
 */
export async function attentionFlow(maps: readonly Tensor4D[]): Promise<HostTensor<Float32Array>> {
  checkArguments("attentionFlow", { "tensor[]": { maps } });
  checkMaps("attentionFlow", maps);
  const [first] = maps as [Tensor4D];
  const [batch, , positions] = first.shape;
  const layers = await Promise.all(
    maps.map(async (map) => {
      const pipes = tidy(() => withResidual(map));
      const data = await pipes.data();
      pipes.dispose();
      checkFinite("attentionFlow", "maps", data, [batch, positions, positions], modelAdvice);
      return data;
    }),
  );
  const flows = new Float32Array(batch * positions * positions);
  for (let b = 0; b < batch; b++) {
    const widths = layers.map((data) => data.subarray(b * positions ** 2, (b + 1) * positions ** 2));
    for (let top = 0; top < positions; top++)
      for (let input = 0; input < positions; input++)
        flows[(b * positions + top) * positions + input] = greatestFlow(widths, positions, top, input);
  }
  return { data: flows, shape: [batch, positions, positions] };
}

/** The greatest flow from a position above the last layer to one below the first: Edmonds and Karp's shortest paths. */
function greatestFlow(
  layers: readonly ArrayLike<number>[],
  positions: number,
  top: number,
  input: number,
): number {
  const height = layers.length;
  const free = layers.map((widths) => Float64Array.from(widths)); // still available downward, [layer][above, below]
  const used = layers.map(() => new Float64Array(positions * positions));
  const [source, sink] = [height * positions + top, input];
  let flow = 0;
  for (;;) {
    const from = new Int32Array((height + 1) * positions).fill(-1);
    from[source] = source;
    const queue = [source];
    for (let head = 0; head < queue.length && from[sink] === -1; head++) {
      const node = queue[head] ?? NaN;
      const [level, position] = [Math.floor(node / positions), node % positions];
      for (let next = 0; next < positions; next++) {
        const below = (level - 1) * positions + next;
        const down =
          level > 0 && ((free[level - 1] as Float64Array)[position * positions + next] ?? NaN) > least;
        if (down && from[below] === -1) from[queue[queue.push(below) - 1] ?? NaN] = node;
        const above = (level + 1) * positions + next;
        const up =
          level < height && ((used[level] as Float64Array)[next * positions + position] ?? NaN) > least;
        if (up && from[above] === -1) from[queue[queue.push(above) - 1] ?? NaN] = node;
      }
    }
    if (from[sink] === -1) return flow;
    const steps: { readonly spare: Float64Array; readonly taken: Float64Array; readonly at: number }[] = [];
    for (let node = sink; node !== source; node = from[node] ?? NaN) {
      const before = from[node] ?? NaN;
      const down = before > node && Math.floor(before / positions) > Math.floor(node / positions);
      const [above, below] = down ? [before, node] : [node, before];
      const layer = Math.floor(below / positions);
      const at = (above % positions) * positions + (below % positions);
      const [spare, taken] = [free[layer] as Float64Array, used[layer] as Float64Array];
      steps.push(down ? { spare, taken, at } : { spare: taken, taken: spare, at });
    }
    const most = Math.min(...steps.map(({ spare, at }) => spare[at] ?? NaN));
    for (const { spare, taken, at } of steps) {
      spare[at] = (spare[at] ?? NaN) - most;
      taken[at] = (taken[at] ?? NaN) + most;
    }
    flow += most;
  }
}

/** What is less is rounding. */
const least = 1e-9;
