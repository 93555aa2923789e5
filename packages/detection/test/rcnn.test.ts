// Detectors whose regions come from elsewhere: warped regions by hand, what R-CNN shares with its backbone, and their errors. The numbers of torchvision are in detectors.test.ts.
import { useBackend } from "@pellucid/backends";
import { BackboneWithFPN, EmptyBatchError, Rng, withoutInit } from "@pellucid/core-train";
import {
  boxArray,
  ConvBackbone,
  FastRCNN,
  type ProposalDetector,
  RCNN,
  RegionNetwork,
  RegionWarp,
  selectiveSearch,
  TwoMLPHead,
} from "@pellucid/detection";
import { hashed } from "@pellucid/testing";
import {
  dispose,
  memory,
  reshape,
  tensor3d,
  type Tensor3D,
  tensor4d,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

beforeAll(() => useBackend({ only: "wasm" }));

const boxes = (...rows: number[][]) => boxArray(Float32Array.from(rows.flat()));

/** 4×4 pixels: 1, 2, 3, 4 in the quarters. */
const quarters = () => tensor4d([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4], [1, 4, 4, 1]);

describe("RegionWarp", () => {
  test("takes the mean of the pixels under each new one, whatever the aspect ratio", () => {
    const warped = tidy(() =>
      new RegionWarp(2).pool({ 0: quarters() }, [boxes([0, 0, 4, 4], [0, 0, 2, 4], [2, 0, 4, 2])]).dataSync(),
    );
    expect(warped).toBeAllclose([1, 2, 3, 4, 1, 1, 3, 3, 2, 2, 2, 2]);
  });

  test("gives each edge its context, and 0 from a pixel beyond the picture on", () => {
    const warp = new RegionWarp(8, { context: 3 });
    expect([...warp.withContext(boxes([1, 1, 3, 3])).data]).toEqual([-2, -2, 6, 6]);
    expect([...warp.withContext(boxes([0, 2, 4, 3])).data]).toEqual([-6, 0.5, 10, 4.5]);
    const outer = tidy(() => warp.pool({ 0: quarters() }, [boxes([0, 0, 4, 4])]).dataSync());
    expect([outer[0], outer[7], outer[56], outer[63]]).toEqual([0, 0, 0, 0]);
    expect([outer[27], outer[28], outer[35], outer[36]]).toBeAllclose([1, 2, 3, 4]);
  });

  test("takes the regions picture by picture, and none of a picture without one", () => {
    const twice = (x: number) => tensor4d([x], [1, 1, 1, 1]);
    const pictures = { 0: twice(3), 1: twice(5), 2: twice(7) };
    const one = [0, 0, 1, 1];
    const warped = new RegionWarp(1).pool(pictures, [boxes(one), boxes(), boxes(one, one)]);
    expect([...warped.dataSync()]).toEqual([3, 7, 7]);
    expect(new RegionWarp([2, 3]).pool(pictures, [boxes(), boxes(), boxes()]).shape).toEqual([0, 2, 3, 1]);
    dispose([warped, ...Object.values(pictures)]);
  });

  test.each([
    [() => new RegionWarp(0), "RegionWarp"],
    [() => new RegionWarp(4, { context: 2 }), "context is 2, expected less than half of the size"],
    [() => new RegionWarp(4, { border: 2 } as never), "there is no option border"],
  ])("%s is refused", (make, message) => {
    expect(make).toThrow(message);
  });
});

const rng = new Rng(0);
const picture = (): Tensor3D =>
  tensor3d(
    Float32Array.from(hashed(32 * 32 * 3, 1), (u) => u + 0.5),
    [32, 32, 3],
  );
const small = { rng, representationSize: 6, box: { batchSizePerImage: 8, scoreThresh: 0 } };
const rcnn = () => new RCNN(new ConvBackbone(3, [4, 6], { rng }), 3, { ...small, regionSize: 16 });
const fast = () =>
  new FastRCNN(new BackboneWithFPN(new ConvBackbone(3, [4, 6], { rng }), 6, { rng }), 3, {
    ...small,
    minSize: 32,
    maxSize: 32,
  });

test("R-CNN on the whole picture is its backbone and its head on that picture", () => {
  const backbone = new ConvBackbone(3, [4, 6], { rng });
  const head = new TwoMLPHead(6 * 64, 6, { rng });
  const network = new RegionNetwork(backbone, head);
  const model = new RCNN(backbone, 3, {
    rng,
    regionSize: 32,
    boxHead: head,
    representationSize: 6,
    imageMean: [0, 0, 0],
    imageStd: [1, 1, 1],
  });
  const image = picture();
  const [found, wanted] = tidy(() => {
    const x: Tensor4D = reshape(image, [1, 32, 32, 3]);
    const { classLogits } = model.roiHeads.predict({ 0: x }, [boxes([0, 0, 32, 32])], [[32, 32]]);
    return [
      classLogits.dataSync(),
      model.roiHeads.boxPredictor.forward(network.forward(x)).classLogits.dataSync(),
    ];
  });
  expect(found).toBeAllclose(wanted, { rtol: 1e-5, atol: 1e-6 });
  image.dispose();
  model.dispose();
});

describe.each([
  ["RCNN", rcnn],
  ["FastRCNN", fast],
] as const)("%s", (name, make: () => ProposalDetector) => {
  test("looks at the regions of selective search unless it is given others", async () => {
    const model = make();
    const image = picture();
    const before = memory().numTensors;
    const data = await image.data<"float32">();
    const searched = boxArray(selectiveSearch({ data, shape: [32, 32, 3] }));
    const [own] = await model.detect([image]);
    expect(own?.labels.length).toBeGreaterThan(0);
    expect(await model.detect([image], [searched])).toEqual([own]);
    expect(await model.detect([image], [boxes()])).toEqual([
      { boxes: boxes(), scores: new Float32Array(), labels: new Int32Array() },
    ]);
    expect(memory().numTensors).toBe(before);
    image.dispose();
    model.dispose();
  });

  test("refuses what does not fit, and leaves nothing", async () => {
    const model = withoutInit(make);
    const image = picture();
    const target = { boxes: [[1, 1, 9, 9]], labels: [1] };
    const region = boxes([0, 0, 8, 8]);
    const before = memory().numTensors;
    const refused: readonly (readonly [() => unknown, string])[] = [
      [() => model.losses([], [], []), "there are no images"],
      [() => model.losses([image], [target], []), "proposals of 0 pictures, expected 1"],
      [() => model.losses([image], [], [region]), "there are 0 targets"],
      [() => model.losses([image], [{ ...target, labels: [3] }], [region]), "label 0 of target 0 is 3"],
      [() => model.losses([image], [target], [boxes([0, 0, NaN, 8])]), "expected finite coordinates"],
      [() => model.losses([image], [target], [{ data: region.data, shape: [4] }]), "proposals[0] is [4]"],
      [
        () => model.losses([image], [{ boxes: [], labels: [] }], [boxes()]),
        "neither a proposal nor an object",
      ],
    ];
    for (const [call, message] of refused) {
      expect(call).toThrow(message);
      expect(call).toThrow(name);
    }
    await expect(model.detect([])).rejects.toThrow(EmptyBatchError);
    await expect(model.detect([image], [])).rejects.toThrow("proposals of 0 pictures");
    expect(memory().numTensors).toBe(before);
    image.dispose();
    model.dispose();
  });
});
