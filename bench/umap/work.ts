import { useBackend } from "@pellucid/backends";
import { embeddingQuality } from "@pellucid/interpret";
import { tensor2d } from "@tensorflow/tfjs-core";
import { points } from "../map/work.ts";

/** For all: neighbors, least distance, epochs. */
export const [neighbors, minDistance, epochs] = [15, 0.1, 200] as const;

export { points };

/** How much of what is near on the map is near in truth, of each point's 15 nearest. */
export async function trustworthiness(map: readonly ArrayLike<number>[]): Promise<number> {
  await useBackend({ only: "cpu" });
  const x = tensor2d(Float32Array.from((await points()).flatMap((row) => Array.from(row))), [map.length, 64]);
  const y = tensor2d(Float32Array.from(map.flatMap((row) => Array.from(row))), [map.length, 2]);
  return (await embeddingQuality(x, y, { neighbors: 15 })).trustworthiness;
}
