import {
  IndexError,
  maxPool2d,
  maxPool2dWithIndices,
  maxPool3dWithIndices,
  MaxUnpool2d,
  maxUnpool1d,
  maxUnpool2d,
  OptionError,
  ShapeError,
} from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import { fill, type Rank, tensor3d, type Tensor4D, type Tensor5D, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("pooling again what was unpooled gives the maxima, where they are above 0", () => {
  const x = sines([2, 4, 6, 3], 0.2) as Tensor4D;
  const pooled = maxPool2dWithIndices(x, 2);
  const again = maxPool2d(maxUnpool2d(pooled, 2), 2);
  const positive = Array.from(pooled.values.dataSync(), (value) => Math.max(value, 0));
  expect(again).toBeAllclose(positive, { rtol: 0, atol: 0 });
});

test("a number that two windows picked is there once", () => {
  const values = tensor3d([5, 5, 1], [1, 3, 1]);
  const indices = tensor3d([1, 1, 3], [1, 3, 1], "int32");
  expect(maxUnpool1d({ values, indices }, 2, { stride: 1 })).toBeAllclose([0, 5, 0, 1], { rtol: 0, atol: 0 });
});

test("the layer takes the size of what was pooled", () => {
  const x = sines([1, 5, 7, 2]) as Tensor4D;
  const layer = new MaxUnpool2d(2);
  expect(layer.forward(maxPool2dWithIndices(x, 2), [5, 7])).toHaveShape([1, 5, 7, 2]);
});

test("an empty batch has maxima and indices of its shape", () => {
  const { values, indices } = maxPool2dWithIndices(zeros([0, 4, 6, 3]), 2);
  expect(values).toHaveShape([0, 2, 3, 3]);
  expect(indices).toHaveShape([0, 2, 3, 3]);
  expect(indices.dtype).toBe("int32");
  const volume = maxPool3dWithIndices(zeros([0, 4, 6, 4, 3]) as Tensor5D, 2);
  expect(volume.indices).toHaveShape([0, 2, 3, 2, 3]);
});

test("refuses an index outside of the output, an output of another size, and indices of another shape", () => {
  const x = sines([1, 5, 7, 1]) as Tensor4D;
  const pooled = maxPool2dWithIndices(x, 2);
  const last = fill<Rank.R4>([1, 2, 3, 1], 24, "int32");
  expect(() => maxUnpool2d({ ...pooled, indices: last }, 2)).toThrow(
    new IndexError(
      "maxUnpool2d: indices[0] is 24, expected 0 to 23. Take the indices from maxPool2dWithIndices, and pass outputSize where the input " +
        "was larger than its windows.",
    ),
  );
  expect(() => maxUnpool2d(pooled, 2, { outputSize: [6, 7] })).toThrow(
    new OptionError(
      "maxUnpool2d",
      "outputSize",
      "[6, 7]",
      "a size that differs from [4, 6], each by less than the stride",
    ),
  );
  expect(() => maxUnpool2d({ values: pooled.values, indices: zeros([1, 2, 3, 2], "int32") }, 2)).toThrow(
    new ShapeError("maxUnpool2d: indices is [1, 2, 3, 2], expected [1, 2, 3, 1]."),
  );
});
