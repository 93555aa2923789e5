import { expect, test } from "vitest";
import { main } from "./main.ts";

const results = main();

test("the network has networkx's numbers", () => {
  expect(results.degrees).toEqual({ A: 3, B: 3, C: 2 });
  expect(results.isWeighted).toEqual([false, true]);
  expect(results.adjacency).toEqual([
    [1, 4.5, 0],
    [0, 0, 2],
    [0, 6, 0],
  ]);
});

// what PyTorch Geometric 2.8 gives; the convolutions with torch.nn.Linear(2, 4, bias=False) of seed 0
test("messages are PyTorch Geometric's", () => {
  expect(results.messages).toEqual([
    [2, 4],
    [13, 11],
    [20, 13],
    [10, 7],
  ]);
});

test("by hand node 0 has two loops, in the layer one: node 1 hears it louder there", () => {
  const others = [
    [1.356108, -4.305685, -0.441313, 1.978725],
    [1.200635, -4.160839, -0.550358, 1.748211],
  ];
  const first = [0.753352, -1.622756, 0.106887, 1.107305];
  expect(results.byHand.flat()).toBeAllclose(
    [first, [1.048554, -3.643198, -0.484949, 1.52667], ...others].flat(),
  );
  expect(results.layer.flat()).toBeAllclose(
    [first, [1.175947, -3.917609, -0.466875, 1.713918], ...others].flat(),
  );
});
