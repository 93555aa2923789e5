import { conv2d, gradient, LastLevelMaxPool, relu, Rng, torchStateOf } from "@pellucid/core-train";
import { PathAggregationNetwork } from "@pellucid/detection";
import { hashedTensor } from "@pellucid/testing";
import { add, dispose, sum, type Tensor1D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("a path aggregation network is a pyramid, and a path from fine to coarse on it", async () => {
  const pan = new PathAggregationNetwork([2, 3], 4, { rng: new Rng(0) });
  expect(Object.keys(await torchStateOf(pan)).filter((name) => name.endsWith("weight"))).toEqual([
    "fpn.inner_blocks.0.0.weight",
    "fpn.inner_blocks.1.0.weight",
    "fpn.layer_blocks.0.0.weight",
    "fpn.layer_blocks.1.0.weight",
    "halve_blocks.0.0.weight",
    "fuse_blocks.0.0.weight",
  ]);
  const maps = { c2: hashedTensor<Tensor4D>([1, 5, 7, 2], 1), c3: hashedTensor<Tensor4D>([1, 3, 4, 3], 2) };
  const levels = pan.forward(maps);
  const pyramid = pan.fpn.forward(maps);
  const parameters = Object.fromEntries(pan.namedParameters());
  const at = (path: string) =>
    [parameters[`${path}.weight`] as Tensor4D, parameters[`${path}.bias`] as Tensor1D] as const;
  const wanted = tidy(() => {
    const halved = relu(
      conv2d(pyramid["c2"] as Tensor4D, ...at("halveBlocks.0.0"), { stride: 2, padding: 1 }),
    );
    return relu(conv2d(add(halved, pyramid["c3"] as Tensor4D), ...at("fuseBlocks.0.0"), { padding: 1 }));
  });
  expect(levels["c2"] as Tensor4D).toBeAllclose(pyramid["c2"] as Tensor4D, { rtol: 0, atol: 0 });
  expect(levels["c3"] as Tensor4D).toBeAllclose(wanted);
  dispose([...Object.values(levels), ...Object.values(pyramid), wanted, ...Object.values(maps)]);
  pan.dispose();
});

test("its coarse levels depend on the fine map, and extra levels come last", () => {
  const rng = new Rng(0);
  const pan = new PathAggregationNetwork([2, 3], 4, { rng, extraBlocks: new LastLevelMaxPool() });
  const [c2, c3] = [hashedTensor<Tensor4D>([1, 4, 4, 2], 1), hashedTensor<Tensor4D>([1, 2, 2, 3], 2)];
  const levels = pan.forward({ c2, c3 });
  expect(Object.entries(levels).map(([name, { shape }]) => [name, shape])).toEqual([
    ["c2", [1, 4, 4, 4]],
    ["c3", [1, 2, 2, 4]],
    ["pool", [1, 1, 1, 4]],
  ]);
  const grad = gradient<Tensor4D>((x) => sum(pan.forward({ c2: x, c3 })["c3"] as Tensor4D))(c2);
  expect(grad.dataSync().some((value) => value !== 0)).toBe(true);
  dispose([...Object.values(levels), grad]);
  expect(() => pan.forward({ c2, c3 })).toLeakNothing();
  expect(() => pan.forward({ c2 })).toThrow("there are 1 maps (c2), expected 2");
  dispose([c2, c3]);
  pan.dispose();
});
