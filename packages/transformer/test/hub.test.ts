// Folders of models as hubs have them, made by fixtures/hub/hub.py: each loads as it is, and is written as PyTorch reads it.
import { fileURLToPath } from "node:url";
import { useBackend } from "@pellucid/backends";
import { transformerArchitectures, type Vit } from "@pellucid/transformer";
import { fixture } from "@pellucid/testing";
import { checkHub, checkHubClaims, type HubCase } from "@pellucid/testing/hub";
import { tensor4d, type Tensor4D } from "@tensorflow/tfjs-core";
import { beforeAll, test } from "vitest";

const cases = fixture<Record<string, HubCase>>(import.meta.url, "../fixtures/hub/expected.json");
const folder = (name: string) => fileURLToPath(new URL(`../fixtures/hub/${name}`, import.meta.url));

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

const images = (): Tensor4D => {
  const values = Float32Array.from({ length: 2 * 8 * 8 * 3 }, (_, i) => Math.sin(1.7 * i));
  return tensor4d(values, [2, 8, 8, 3]);
};

const here = Object.entries(cases).filter(([name]) => !name.startsWith("t5")); // those are in t5.test.ts

test.each(here)("%s", (name, wanted) =>
  name.startsWith("vit")
    ? checkHub(folder(name), transformerArchitectures, wanted, (model: Vit) => model.forward(images()))
    : checkHub(folder(name), transformerArchitectures, wanted),
);

test("the README names the architectures that are tested here, and the table has them", () => {
  checkHubClaims(fileURLToPath(new URL("../", import.meta.url)), transformerArchitectures);
});
