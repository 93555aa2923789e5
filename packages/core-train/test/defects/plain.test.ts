import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createRequire } from "node:module";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { dawn, softwareDriver } from "../../../backends/src/node/dawn.ts";
import { evaluate, isRight, type Scope } from "./defect.ts";
import { defects } from "./defects.ts";
import { issueFile, issueText, issueTitle } from "./issue.ts";

// tfjs as it is published, without our gradients and kernels. When a test here fails after an update of tfjs, what its title says is
// fixed there: take its line out of defects.ts, and what stands in for it out of the packages.

const issues = join(import.meta.dirname, "../../../../docs/tfjs-issues");
const scopes: readonly Scope[] = ["core", "cpu", "wasm", "webgpu"];

describe.each(scopes)("tfjs, %s:", (scope) => {
  describe.skipIf(scope === "webgpu" && softwareDriver() === undefined)("still", () => {
    beforeAll(async () => {
      tf.env().set("PROD", true);
      if (scope === "wasm") {
        const root = createRequire(join(process.cwd(), "packages/backends/package.json"));
        setWasmPaths(`${join(root.resolve("@tensorflow/tfjs-backend-wasm/package.json"), "../wasm-out")}/`);
      }
      if (scope === "webgpu") {
        await dawn({ software: true });
        await import("@tensorflow/tfjs-backend-webgpu");
      }
      await tf.setBackend(scope === "core" ? "cpu" : scope);
    });

    // here, for a case may set it: tfjs computes what is small on the CPU by default
    beforeEach(() => void (scope === "webgpu" && tf.env().set("WEBGPU_CPU_FORWARD", false)));

    test.each(defects[scope].map((defect) => [defect.title, defect] as const))("%s", async (_, defect) => {
      const found = await evaluate(tf, defect).catch((error: unknown) => String(error));
      expect(Array.isArray(found) && isRight(found, defect)).toBe(false);
      await expect(issueText(scope, defect, found)).toMatchFileSnapshot(
        join(issues, issueFile(scope, defect)),
      );
    });
  });
});

test("each defect has an issue ready to be sent, and the list names them all", async () => {
  const all = scopes.flatMap((scope) => defects[scope].map((defect) => [scope, defect] as const));
  const files = all.map(([scope, defect]) => issueFile(scope, defect));
  expect(new Set(files).size).toBe(files.length);
  expect(readdirSync(issues).toSorted()).toEqual([...files, "README.md"].toSorted());
  const lines = all.map(([scope, defect]) => `- [${issueTitle(scope, defect)}](${issueFile(scope, defect)})`);
  const text = `# Issues for tfjs

One file for each defect of [the list](../tfjs-defects.md), ready to be sent to [tensorflow/tfjs](https://github.com/tensorflow/tfjs/issues): its first line is the title, the rest is the text. Nothing has been sent.
The tests in \`packages/core-train/test/defects\` write these files from what tfjs gives. \`gh issue create --repo tensorflow/tfjs --title "…" --body-file FILE\` sends one.

${lines.join("\n")}
`;
  await expect(text).toMatchFileSnapshot(join(issues, "README.md"));
});
