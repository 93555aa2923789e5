import { useBackend } from "@pellucid/backends";
import { beforeAll, expect, test } from "vitest";
import { main, sparkline } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "cpu" });
});

// torch.manual_seed(0); nn.Linear(1, 1); torch.optim.X(lr=0.01), 100 steps of mse_loss in 32 bits: the losses before
// step 1, before step 50, and after step 100
const torch: Readonly<Record<string, readonly [number, number, number]>> = {
  SGD: [14.786839, 0.16044107, 0.12540258],
  Adagrad: [14.786839, 12.024638, 10.852867],
  Adam: [14.786839, 5.964283, 1.9474335],
  Adamax: [14.786839, 6.4153972, 2.6556211],
  ASGD: [14.786839, 0.16043717, 0.12539695],
  RMSprop: [14.786839, 1.0239602, 0.42181769],
};

test("the losses are PyTorch's", async () => {
  const curves = await main();
  for (const [name, expected] of Object.entries(torch)) {
    const losses = curves.get(name) ?? [];
    const found = [losses[0], losses[49], losses[100]];
    for (const [i, loss] of expected.entries()) expect((found[i] ?? 0) / loss, name).toBeCloseTo(1, 5);
  }
  // What is left where a method has arrived is rounding, and PyTorch's is 1.9e-8 and 1.3e-9.
  expect(curves.get("LBFGS")?.[100]).toBeLessThan(1e-7);
  expect(curves.get("Rprop")?.[100]).toBeLessThan(1e-8);
});

test("a sparkline falls by a block for a decade", () => {
  const curve = Array.from({ length: 40 }, (_, i) => 10 ** (1.4 - i / 4));
  expect(sparkline(curve)).toBe("██▇▇▇▇▆▆▆▆▅▅▅▅▄▄▄▄▃▃▃▃▂▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁");
});
