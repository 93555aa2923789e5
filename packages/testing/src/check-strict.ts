import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadWeights, type Module, saveWeights, torchStateOf } from "@pellucid/core-train";
import { expect } from "vitest";

/**
 * Sends the weights of a model to torchvision's of a name, which loads them by `strict=True`, and what that saves to another model: every number is what it was. It runs Python
 * with torchvision.
 *
 * @param make another model of the same kind, of other weights
 * @returns how many entries there are
 */
export async function checkStrict(
  model: Module,
  make: () => Module,
  kind: "detection" | "segmentation",
  name: string,
): Promise<number> {
  const script = join(import.meta.dirname, "../../detection/fixtures/torch/strict.py");
  const folder = mkdtempSync(join(tmpdir(), "pellucid-strict-"));
  const other = make();
  try {
    writeFileSync(join(folder, "ours.safetensors"), await saveWeights(model));
    execFileSync("python3", [script, kind, name, folder], { stdio: "inherit" });
    loadWeights(other, readFileSync(join(folder, "torchvision.safetensors")));
    const [sent, back] = [await torchStateOf(model), await torchStateOf(other)];
    expect(Object.keys(back)).toEqual(Object.keys(sent));
    for (const [key, { data }] of Object.entries(sent)) expect(back[key]?.data, key).toEqual(data);
    return Object.keys(sent).length;
  } finally {
    other.dispose();
    rmSync(folder, { recursive: true });
  }
}
