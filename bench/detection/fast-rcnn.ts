import { BackboneWithFPN } from "@pellucid/core-train";
import { ConvBackbone, FastRCNN } from "@pellucid/detection";
import { onProposals } from "./on-proposals.ts";

/** Two stages, the first outside of the network: the backbone of one stage runs once, and each proposed region is pooled from its maps. */
const contestant = onProposals((rng) => {
  const body = new ConvBackbone(3, [16, 32, 48], { rng, outputs: 2 });
  return new FastRCNN(new BackboneWithFPN(body, 32, { rng }), 4, {
    rng,
    minSize: 64,
    maxSize: 64,
    representationSize: 64,
    box: { batchSizePerImage: 32, nmsThresh: 0.3 },
  });
});

export const prepare = (backend: string) => contestant.prepare(backend);
export const quality = () => contestant.quality();
