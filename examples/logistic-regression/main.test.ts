import { expect, test } from "vitest";
import { main } from "./main.ts";

test("PyTorch's numbers for the seed 0", async () => {
  // torch.manual_seed(0); nn.Linear(1, 1); SGD(lr=0.01), 1000 epochs of BCELoss after a sigmoid
  const { w, b, loss, curve } = await main();
  expect(w).toBeCloseTo(0.3386326, 5);
  expect(b).toBeCloseTo(-0.8923076, 5);
  expect(loss).toBeCloseTo(0.5597568, 5);
  expect(curve).toHaveLength(200);
  expect(curve[0]).toBeCloseTo(1 / (1 + Math.exp(-b)), 5);
});
