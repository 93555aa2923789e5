// The numbers of docs/why-convolutions.md.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import { Conv2d, type Module, Rng, trainable, withoutInit } from "@pellucid/core-train";
import { resnet18 } from "@pellucid/cnn";
import { expect, test } from "vitest";

const page = readFileSync(join(import.meta.dirname, "../../../docs/why-convolutions.md"), "utf8");
const count = (module: Module) => Object.values(trainable(module)).reduce((sum, { size }) => sum + size, 0);

test("the page has the numbers of parameters of the layers that it names", async () => {
  await useBackend({ only: "cpu" });
  const rng = new Rng(0);
  withoutInit(() => {
    const [conv, net] = [new Conv2d(3, 64, 7, { rng }), resnet18({ rng })];
    for (const [name, module] of [
      ["`Conv2d(3, 64, 7)`", conv],
      ["all of ResNet-18", net],
    ] as const) {
      expect(page).toContain(`| ${name} | ${count(module).toLocaleString("en")} |`);
      module.dispose();
    }
  });
  const [pixels, features] = [1000 * 1000 * 3, 1000];
  expect(page).toContain(`| ${(pixels * features + features).toLocaleString("en")} |`);
});
