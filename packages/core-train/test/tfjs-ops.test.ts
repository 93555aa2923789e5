import { readFileSync } from "node:fs";
import { useBackend } from "@pellucid/backends";
import { checkAgainstTorch, fixture, titleOf, type TorchCase } from "@pellucid/testing";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allowedOps, type TfjsArgs, tfjsOp } from "./rows/tfjs-ops.ts";

const root = new URL("../../../", import.meta.url);
const { cases } = fixture<{ cases: TorchCase<TfjsArgs>[] }>(
  import.meta.url,
  "../fixtures/torch/tfjs-ops.json",
);

/** What lint lets packages import from tfjs-core. */
const allowed = allowedOps(readFileSync(new URL(".oxlintrc.json", root), "utf8"));

/** What the table says differs from PyTorch. */
const forbidden = tableOf(readFileSync(new URL("docs/tables/verified-ops.md", root), "utf8"));

const backends = ["cpu", "wasm"] as const;

for (const backend of backends) {
  describe(`on ${backend}`, () => {
    beforeAll(() => useBackend({ only: backend }));
    afterAll(() => useBackend({ only: "cpu" }));

    const verified = cases.filter(({ op }) => allowed.has(op));
    test.each(verified.map((c) => [titleOf(c), c] as const))("%s is PyTorch's", (_, c) => {
      checkAgainstTorch(c, tfjsOp(c));
    });
  });
}

test("each op that is said to differ does so on some backend", async () => {
  const differing = new Set<string>();
  for (const backend of backends) {
    await useBackend({ only: backend });
    for (const c of cases) if (differs(c)) differing.add(c.op);
  }
  await useBackend({ only: "cpu" });
  expect([...differing].toSorted()).toEqual([...forbidden].toSorted());
});

test("nothing that computes is allowed without a case", () => {
  const checked = new Set(cases.map(({ op }) => op));
  const unchecked = [...allowed].filter((name) => name in tf && !checked.has(name));
  const plain = new Set([...makers, ...managers]);
  expect(unchecked.filter((name) => !plain.has(name))).toEqual([]);
});

const makers =
  "eye fill linspace ones range scalar zeros tensor tensor1d tensor2d tensor3d tensor4d tensor5d tensor6d".split(
    " ",
  );

const managers = [
  "backend backend_util buffer dispose getBackend keep memory nextFrame profile ready",
  "Rank Tensor TensorBuffer tensor_util tidy time util Variable variable",
].flatMap((names) => names.split(" "));

function differs(c: TorchCase<TfjsArgs>): boolean {
  try {
    checkAgainstTorch(c, tfjsOp(c));
    return false;
  } catch {
    return true;
  }
}

function tableOf(page: string): ReadonlySet<string> {
  const [, section = ""] = page.split("## Forbidden, because the numbers differ");
  const [rows = ""] = section.split("\n## ");
  return new Set([...rows.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name as string));
}
