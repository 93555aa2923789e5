import { init } from "@pellucid/core-train";
import { expect, test } from "vitest";
import { main } from "./main.ts";

test("PyTorch's numbers for the seed 0", async () => {
  // torch.manual_seed(0); nn.Linear(1, 1); SGD(lr=0.01), 1000 epochs of MSELoss
  const { w, b, loss, at4 } = await main();
  expect(w).toBeCloseTo(1.9528583, 5);
  expect(b).toBeCloseTo(0.107164, 5);
  expect(loss).toBeCloseTo(0.0016554, 6);
  expect(at4).toBeCloseTo(7.9185972, 5);
});

test("the loss falls at the rate of the valley's flattest direction", async () => {
  // The Hessian is 2 [[mean x², mean x], [mean x, 1]] = [[28/3, 4], [4, 2]]; each step shrinks the distance along its
  // smallest eigenvector by 1 − 0.01 λ, and the loss by the square of that.
  const flattest = (34 / 3 - Math.sqrt((34 / 3) ** 2 - 4 * (8 / 3))) / 2;
  const { loss } = await main({ epochs: 300, init: init.constant(-3) });
  const { loss: later } = await main({ epochs: 500, init: init.constant(-3) });
  expect(later / loss).toBeCloseTo((1 - 0.01 * flattest) ** 400, 4);
});
