// Weights go to torchvision and come back: each model is saved here and loaded there by strict=True. It runs Python with torchvision: by PELLUCID_LONG=1.
import { useBackend } from "@pellucid/backends";
import { withoutInit } from "@pellucid/core-train";
import { checkStrict } from "@pellucid/testing/strict";
import { expect, test } from "vitest";
import { models } from "./torchvision-models.ts";

test.runIf(process.env["PELLUCID_LONG"] === "1").each(Object.entries(models))(
  "torchvision loads our %s with strict=True, and we load its",
  { timeout: 900_000 },
  async (name, make) => {
    await useBackend({ only: "wasm" });
    const model = make();
    const entries = await checkStrict(model, () => withoutInit(make), "segmentation", name);
    expect(entries).toBeGreaterThan(0);
    model.dispose();
  },
);
