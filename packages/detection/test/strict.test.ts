// Weights go to torchvision and come back: each detector is saved here and loaded there by strict=True. It runs Python with torchvision: by PELLUCID_LONG=1.
import { useBackend } from "@pellucid/backends";
import { Rng, withoutInit } from "@pellucid/core-train";
import { checkStrict } from "@pellucid/testing/strict";
import { expect, test } from "vitest";
import { detectors } from "./detectors/named.ts";

test.runIf(process.env["PELLUCID_LONG"] === "1").each(Object.entries(detectors))(
  "torchvision loads our %s with strict=True, and we load its",
  { timeout: 900_000 },
  async (name, make) => {
    await useBackend({ only: "wasm" });
    const model = make(new Rng(0));
    const entries = await checkStrict(model, () => withoutInit(() => make(new Rng(0))), "detection", name);
    expect(entries).toBeGreaterThan(0);
    model.dispose();
  },
);
