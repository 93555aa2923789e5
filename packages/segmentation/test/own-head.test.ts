import { resnet18 } from "@pellucid/cnn";
import { IntermediateLayers, Rng } from "@pellucid/core-train";
import { FcnHead, type SegmentationHead } from "@pellucid/segmentation";
import { ones, type Rank } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("a head takes the maps of a backbone, and gives logits of their size", () => {
  const rng = new Rng(0);
  const backbone = new IntermediateLayers(resnet18({ rng }), { layer2: "fine" });
  const layers = new FcnHead(128, 5, { rng });
  const head: SegmentationHead = {
    forward: ({ fine }) => layers.forward(fine ?? ones<Rank.R4>([1, 1, 1, 128])),
  };
  expect(head.forward(backbone.forward(ones<Rank.R4>([1, 32, 32, 3])))).toHaveShape([1, 4, 4, 5]);
});
