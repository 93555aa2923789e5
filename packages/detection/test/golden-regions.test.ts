// The cases on regions and anchors where implementations usually go wrong.
import { FeaturePyramidNetwork, gradient, type HostTensor, loadWeights, Rng } from "@pellucid/core-train";
import {
  AnchorGenerator,
  BoxCoder,
  boxArray,
  deformConv2d,
  filterProposals,
  GeneralizedRCNNTransform,
  heatmapsToKeypoints,
  LevelMapper,
  Matcher,
  pasteMasksInImage,
  psRoiPool,
  roiAlign,
  roiPool,
  rpnLoss,
  takeBoxes,
} from "@pellucid/detection";
import { fixture } from "@pellucid/testing";
import {
  sum,
  type Tensor,
  tensor2d,
  tensor3d,
  type Tensor4D,
  tensor4d,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

type Values = number | readonly Values[];
type Input = Readonly<Record<string, Values>>;

interface Case {
  readonly id: string;
  readonly kind: string;
  readonly input: Input;
  readonly right: unknown;
  readonly tolerance: number;
}

const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "../fixtures/golden/regions.json");

const flat = (values: unknown): number[] => (Array.isArray(values) ? values.flatMap(flat) : [Number(values)]);
const rows = (values: unknown): number[][] => values as number[][];
const images = (values: unknown): Tensor4D => transpose(tensor4d(values as number[][][][]), [0, 2, 3, 1]); // from PyTorch's layout
const boxes = (values: unknown) => boxArray(Float32Array.from(flat(values)));
const rois = (values: unknown): HostTensor => ({
  data: Float32Array.from(flat(values)),
  shape: [rows(values).length, 5],
});
const theirs = (x: Tensor): number[] => [...transpose(x, [0, 3, 1, 2]).dataSync()];
const pair = (values: unknown): [number, number] => values as [number, number];

type Check = (
  input: Input,
  right: never,
  close: (found: ArrayLike<number>, right: unknown) => void,
) => unknown;

const checks: Readonly<Record<string, Check>> = {
  "roi-align": (
    input,
    right: Readonly<Record<string, { readonly output: unknown; readonly grad_input_of_sum: unknown }>>,
    close,
  ) => {
    for (const aligned of [false, true]) {
      const { output, grad_input_of_sum: gradients } = right[`aligned_${aligned ? "True" : "False"}`] as {
        output: unknown;
        grad_input_of_sum: unknown;
      };
      const options = {
        spatialScale: input["spatial_scale"] as number,
        samplingRatio: input["sampling_ratio"] as number,
        aligned,
      };
      const align = (x: Tensor4D) =>
        roiAlign(x, rois(input["rois_batch_x1y1x2y2"]), pair(input["output"]), options);
      const x = images(input["input"]);
      close(theirs(align(x)), output);
      close(theirs(gradient<Tensor4D>((own) => sum(align(own)))(x)), gradients);
    }
  },
  "roi-pool": (input, right, close) => {
    const spatialScale = input["spatial_scale"] as number;
    const pooled = roiPool(
      images(input["input"]),
      rois(input["rois_batch_x1y1x2y2"]),
      pair(input["output"]),
      {
        spatialScale,
      },
    );
    close(theirs(pooled), right);
  },
  "ps-roi-pool-channel-order": (input, right, close) => {
    const pooled = psRoiPool(
      images(input["input"]),
      rois(input["rois_batch_x1y1x2y2"]),
      pair(input["output"]),
    );
    close(theirs(pooled), right);
  },
  "deform-conv2d": (input, right, close) => {
    const { stride, padding, dilation } = input as Readonly<Record<string, number>>;
    const weight = transpose(tensor4d(input["weight"] as number[][][][]), [2, 3, 1, 0]);
    const mask = input["mask"] as Values | null;
    const y = deformConv2d(images(input["input"]), images(input["offset"]), weight, {
      mask: mask === null ? null : images(mask),
      stride: stride as number,
      padding: padding as number,
      dilation: dilation as number,
    });
    close(theirs(y), right);
  },
  "anchor-generator": (
    input,
    right: { readonly cell_anchors: unknown; readonly anchors: unknown },
    close,
  ) => {
    const generator = new AnchorGenerator(rows(input["sizes"]), rows(input["aspect_ratios_h_over_w"]));
    close(
      generator.cellAnchors.flatMap(({ data }) => [...data]),
      right.cell_anchors,
    );
    const anchors = generator.generate(pair(input["image_hw"]), input["grids_hw"] as [number, number][]);
    close(
      anchors.flatMap(({ data }) => [...data]),
      right.anchors,
    );
  },
  "box-coder": (input, right: { readonly encode: unknown; readonly decode: unknown }, close) => {
    const coder = new BoxCoder(input["weights"] as unknown as [number, number, number, number]);
    const anchors = boxes(input["anchors"]);
    close(coder.encode(boxes(input["targets"]), anchors).data, right.encode);
    close(coder.decode(boxes(input["codes"]), anchors).data, right.decode);
  },
  "matcher-low-quality": (input, right, close) => {
    const allowLowQualityMatches = input["allow_low_quality_matches"] as unknown as boolean;
    const matcher = new Matcher(input["high"] as number, input["low"] as number, { allowLowQualityMatches });
    const quality = rows(input["iou_gt_by_anchor"]);
    const data = Float32Array.from(flat(quality));
    close(matcher.match({ data, shape: [quality.length, quality[0]?.length ?? 0] }), right);
  },
  "rpn-filter-proposals": (input, right: { readonly boxes: unknown; readonly scores: unknown }, close) => {
    const proposals = boxes(input["proposals"]);
    const found = filterProposals(
      Float32Array.from(flat(input["objectness_logits"])),
      (indices) => takeBoxes(proposals, indices),
      flat(input["anchors_per_level"]),
      pair(input["image_hw"]),
      {
        preNmsTopN: input["pre_nms_top_n"] as number,
        postNmsTopN: input["post_nms_top_n"] as number,
        nmsThresh: input["nms"] as number,
        minSize: input["min_size"] as number,
        scoreThresh: input["score_thresh"] as number,
      },
    );
    close(found.boxes.data, right.boxes);
    close(found.scores, right.scores);
  },
  "rpn-loss": (input, right: { readonly box: number; readonly objectness: number }, close) => {
    const logits = flat(input["logits"]);
    const labels = Int32Array.from(flat(input["labels"]));
    const of = (label: number): Int32Array =>
      Int32Array.from([...labels.keys()].filter((i) => labels[i] === label));
    const { lossObjectness, lossRpnBoxReg } = rpnLoss({
      objectness: tensor2d([logits]),
      deltas: tensor3d([rows(input["sampled_pred_codes"])]),
      labels: [labels],
      codes: [boxes(input["sampled_target_codes"])],
      samples: [{ positive: of(1), negative: of(0) }],
    });
    close(lossObjectness.dataSync(), [right.objectness]);
    close(lossRpnBoxReg.dataSync(), [right.box]);
  },
  "fpn-level-mapper": (input, right, close) => {
    const {
      k_min: kMin,
      k_max: kMax,
      canonical_size: canonicalScale,
      canonical_level: canonicalLevel,
      eps,
    } = input as Readonly<Record<string, number>>;
    const mapper = new LevelMapper(kMin as number, kMax as number, {
      canonicalScale: canonicalScale as number,
      canonicalLevel: canonicalLevel as number,
      eps: eps as number,
    });
    close(mapper.levelsOf(boxes(input["boxes"])), right);
  },
  "fpn-top-down-odd": (input, right, close) => {
    const pyramid = new FeaturePyramidNetwork([1, 1], 1, { rng: new Rng(0) });
    const one = { data: Float32Array.of(1), shape: [1, 1, 1, 1] };
    const center = { data: Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0), shape: [1, 1, 3, 3] };
    const zero = { data: Float32Array.of(0), shape: [1] };
    const block = (name: string, weight: HostTensor) =>
      [0, 1].flatMap((i) => [
        [`${name}.${i}.0.weight`, weight] as const,
        [`${name}.${i}.0.bias`, zero] as const,
      ]);
    loadWeights(
      pyramid,
      Object.fromEntries([...block("inner_blocks", one), ...block("layer_blocks", center)]),
    );
    const levels = pyramid.forward({ fine: images(input["lateral"]), top: images(input["top"]) });
    close(theirs(levels["fine"] as Tensor4D), right);
    pyramid.dispose();
  },
  "rcnn-resize-size": (
    input,
    right: Readonly<Record<"resized_hw" | "batched_hw_rounded_up_to_32" | "box_0_0_7_7_after", number[][]>>,
    close,
  ) => {
    const transform = new GeneralizedRCNNTransform(input["min_size"] as number, input["max_size"] as number, {
      rng: new Rng(0),
    });
    for (const [i, size] of (input["image_hw"] as [number, number][]).entries()) {
      const { tensors, imageSizes } = transform.batch([
        tensor3d(new Float32Array(size[0] * size[1] * 3), [...size, 3]),
      ]);
      close(imageSizes[0] ?? [], right.resized_hw[i]);
      close(tensors.shape.slice(1, 3), right.batched_hw_rounded_up_to_32[i]);
      const box = transform.resizeBoxes(boxes([0, 0, 7, 7]), size, imageSizes[0] as [number, number]);
      close(box.data, right.box_0_0_7_7_after[i]);
    }
  },
  "mask-paste": (input, right: { readonly soft: unknown; readonly binary_area: number[] }, close) => {
    const given = input["masks"] as unknown;
    const repeated = Array.isArray(given)
      ? null
      : (given as Readonly<Record<string, number[][]>>)["4x4_repeated_7x7"];
    const masks =
      repeated === null
        ? (given as number[][][][]).map(([mask = []]) => mask)
        : [
            Array.from({ length: 28 }, (_y, y) =>
              Array.from({ length: 28 }, (_x, x) => repeated?.[Math.floor(y / 7)]?.[Math.floor(x / 7)] ?? 0),
            ),
          ];
    const size = masks[0]?.length ?? 0;
    const pasted = pasteMasksInImage(
      { data: Float32Array.from(flat(masks)), shape: [masks.length, size, size] },
      boxes(input["boxes"]),
      pair(input["image_hw"]),
    );
    close(pasted.data, right.soft);
    const each = pasted.data.length / masks.length;
    const areas = masks.map(
      (_, i) => pasted.data.subarray(i * each, (i + 1) * each).filter((p) => p > 0.5).length,
    );
    expect(areas).toEqual(right.binary_area);
  },
  "keypoint-decode": async (input, right: { readonly xyv: unknown; readonly scores: unknown }, close) => {
    const maps = images(input["heatmaps"]);
    const { keypoints, scores } = await heatmapsToKeypoints(maps, boxes(input["rois"]));
    close(keypoints, right.xyv);
    close(scores, right.scores);
    maps.dispose();
  },
};

test("every kind is checked", () => {
  expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(Object.keys(checks)));
});

test.each(cases.map((c) => [c.id, c] as const))("%s", async (_, { kind, input, right, tolerance }) => {
  const atol = Math.max(tolerance, 1e-6); // what 32 bits hold
  const close = (found: ArrayLike<number>, wanted: unknown): void =>
    expect(Array.from(found)).toBeAllclose(flat(wanted), { rtol: atol, atol });
  const check = checks[kind] as Check;
  await (kind === "keypoint-decode"
    ? check(input, right as never, close)
    : tidy(() => void check(input, right as never, close)));
});
