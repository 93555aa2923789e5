import { useBackend } from "@pellucid/backends";
import { sines } from "@pellucid/testing";
import { cast, tensor2d, type Tensor3D, type Tensor4D } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { DtypeError } from "../../dtype-error.ts";
import { Rng } from "../../rng/rng.ts";
import { MultiheadAttention } from "./multihead-attention.ts";
import { scaledDotProductAttention } from "./scaled-dot-product-attention.ts";

const open = () =>
  tensor2d(
    [
      [1, 0, 1],
      [1, 1, 0],
      [0, 0, 1],
    ],
    [3, 3],
    "int32",
  );

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test("a mask of integers is refused, as in PyTorch", () => {
    const x = sines([1, 1, 3, 4]) as Tensor4D;
    expect(() => scaledDotProductAttention(x, x, x, { mask: open() })).toThrow(
      new DtypeError(
        "scaledDotProductAttention: mask is int32, expected bool (true lets a query attend) or float32 (added to the scores). " +
          'For a mask of 0 and 1 pass cast(mask, "bool").',
      ),
    );
  });

  test("multi-head attention refuses integers in both of its masks", () => {
    const layer = new MultiheadAttention(4, 2, { rng: new Rng(0) });
    const x = sines([3, 3, 4]) as Tensor3D;
    expect(() => layer.forward(x, { attnMask: open() })).toThrow(
      "MultiheadAttention(4, 2): attnMask is int32, expected bool (true blocks attention) or float32",
    );
    expect(() => layer.forward(x, { keyPaddingMask: open() })).toThrow(DtypeError);
  });

  test("cast to bool it blocks the zeros, as -Infinity does in a float32 mask", () => {
    const x = sines([1, 1, 3, 4]) as Tensor4D;
    const added = tensor2d([
      [0, -Infinity, 0],
      [0, 0, -Infinity],
      [-Infinity, -Infinity, 0],
    ]);
    const attended = scaledDotProductAttention(x, x, x, { mask: cast(open(), "bool") });
    expect(attended).toBeAllclose(scaledDotProductAttention(x, x, x, { mask: added }), { rtol: 0, atol: 0 });
  });
});
