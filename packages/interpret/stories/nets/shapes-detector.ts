import { loadWeights, Rng, withoutInit } from "@pellucid/core-train";
import { shapeScenes } from "@pellucid/datasets";
import { AnchorFreeDetector, ConvBackbone } from "@pellucid/detection";

/** Pictures of 32 × 32 pixels with one or two shapes. */
export const detectorScenes = () => shapeScenes({ seed: 0, size: 32, train: 480, test: 40, objects: [1, 2] });

/** A detector without anchors, of 16,000 weights. */
export const makeShapesDetector = (rng: Rng): AnchorFreeDetector =>
  new AnchorFreeDetector(new ConvBackbone(3, [12, 20], { rng }), 3, { rng, width: 20, depth: 1, bins: 8 });

/** The trained detector, loaded anew at each call. */
export async function shapesDetector(): Promise<AnchorFreeDetector> {
  const net = withoutInit(() => makeShapesDetector(new Rng(0)));
  const file = await fetch(new URL("./shapes-detector.safetensors", import.meta.url).href);
  loadWeights(net, await file.arrayBuffer());
  return net;
}
