import { batches } from "@pellucid/core-train";
import type { Tensor1D, Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";
import { expectTypeOf } from "vitest";
import { diabetes, digits, normalizeImages, shapeImages } from "../src/index.ts";

type Batch<Loader> = Loader extends AsyncIterable<infer One> ? One : never;

const { train } = await digits();
const images = batches(normalizeImages(train), { size: 2 });
expectTypeOf<Batch<typeof images>>().toEqualTypeOf<{ readonly x: Tensor4D; readonly y: Tensor1D }>();

const drawn = batches(shapeImages({ seed: 0 }).train, { size: 2 });
expectTypeOf<Batch<typeof drawn>>().toEqualTypeOf<{ readonly x: Tensor4D; readonly y: Tensor1D }>();

const patients = batches((await diabetes()).train, { size: 2 });
expectTypeOf<Batch<typeof patients>>().toEqualTypeOf<{ readonly x: Tensor2D; readonly y: Tensor1D }>();
