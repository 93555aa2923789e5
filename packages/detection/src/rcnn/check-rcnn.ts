import { type Backbone, checkRng, checkSizes } from "@pellucid/core-train";
import { AnchorGenerator } from "../anchors/anchor-generator.ts";
import { RegionProposalNetwork } from "../rpn/region-proposal-network.ts";
import { backboneChannels } from "./backbone-channels.ts";
import type { FasterRCNNOptions } from "./faster-rcnn.ts";
import { GeneralizedRCNNTransform } from "./generalized-rcnn-transform.ts";
import { MultiScaleRoIAlign } from "./multi-scale-roi-align.ts";
import { RoIHeads } from "./roi-heads.ts";

/**
 * Checks the options of an R-CNN before anything is drawn, by putting its parts together without layers.
 *
 * @throws OptionError for a wrong size or option
 */
export function checkRcnn(
  caller: string,
  backbone: Backbone,
  numClasses: number,
  options: FasterRCNNOptions,
): void {
  checkRng(caller, options);
  const { rng, minSize = 800, maxSize = 1333, representationSize = 1024 } = options;
  const { anchorGenerator = new AnchorGenerator([[32]]), boxRoiPool = new MultiScaleRoIAlign(["0"], 7, 2) } =
    options;
  checkSizes(caller, { numClasses, representationSize });
  backboneChannels(caller, backbone);
  const without = {} as never;
  new GeneralizedRCNNTransform(minSize, maxSize, { ...options.transform, rng });
  new RegionProposalNetwork(anchorGenerator, without, { ...options.rpn, rng });
  new RoIHeads(boxRoiPool, without, without, { ...options.box, rng });
}
