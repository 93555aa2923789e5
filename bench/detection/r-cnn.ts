import { ConvBackbone, RCNN } from "@pellucid/detection";
import { onProposals } from "./on-proposals.ts";

/** Two stages, the first outside of the network: each proposed region goes through the backbone of one stage by itself. */
const contestant = onProposals((rng) => {
  const backbone = new ConvBackbone(3, [16, 32, 48], { rng });
  const box = { batchSizePerImage: 32, nmsThresh: 0.3 };
  return new RCNN(backbone, 4, { rng, regionSize: 32, context: 4, representationSize: 64, box });
});

export const prepare = (backend: string) => contestant.prepare(backend);
export const quality = () => contestant.quality();
