import { useBackend } from "@pellucid/backends";
import { digits, LabeledImages } from "@pellucid/datasets";
import { beforeAll, expect, test } from "vitest";
import { main, type nets } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

/** The UCI digits as if they were MNIST: pixel `[y, x]` of 28×28 is pixel `[⌊2 y / 7⌋, ⌊2 x / 7⌋]` of 8×8. */
async function enlarged() {
  const { all } = await digits();
  const part = (from: number, to: number) => {
    const data = new Uint8Array((to - from) * 784).map((_, i) => {
      const [image, y, x] = [from + Math.floor(i / 784), Math.floor(i / 28) % 28, i % 28];
      return all.images.data[64 * image + 8 * Math.floor((2 * y) / 7) + Math.floor((2 * x) / 7)] as number;
    });
    const labels = { data: all.labels.data.slice(from, to), shape: [to - from] as const };
    const info = { ...all.info, mean: [0.1307], std: [0.3081] };
    return new LabeledImages({ data, shape: [to - from, 28, 28, 1] }, labels, info);
  };
  return { train: part(0, 128), test: part(128, 148) };
}

// pytorch.py's recipe on these 128 images, seed 0: the mean loss of the first two steps
const torch: Readonly<Record<keyof typeof nets, number>> = {
  mlp: 2.30705,
  cnn: 2.3116,
  inception: 2.30373,
  residual: 2.37829,
};

test.each(Object.entries(torch))("the %s learns as PyTorch's does", async (net, loss) => {
  const [epoch] = await main({ net: net as keyof typeof nets, data: await enlarged(), epochs: 1 });
  expect(epoch?.loss).toBeCloseTo(loss, 4);
});
