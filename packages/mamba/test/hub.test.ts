// Folders of models as hubs have them, made by fixtures/hub/hub.py: each loads as it is, and is written as PyTorch reads it.
import { fileURLToPath } from "node:url";
import { useBackend } from "@pellucid/backends";
import { mambaArchitectures } from "@pellucid/mamba";
import { fixture } from "@pellucid/testing";
import { checkHub, checkHubClaims, type HubCase } from "@pellucid/testing/hub";
import { beforeAll, test } from "vitest";

const cases = fixture<Record<string, HubCase>>(import.meta.url, "../fixtures/hub/expected.json");
const folder = (name: string) => fileURLToPath(new URL(`../fixtures/hub/${name}`, import.meta.url));

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test.each(Object.entries(cases))("%s", (name, wanted) => checkHub(folder(name), mambaArchitectures, wanted));

test("the README names the architectures that are tested here, and the table has them", () => {
  checkHubClaims(fileURLToPath(new URL("../", import.meta.url)), mambaArchitectures);
});
