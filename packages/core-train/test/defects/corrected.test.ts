import { useBackend } from "@pellucid/backends";
import "@pellucid/core-train/gradients";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { softwareDriver } from "../../../backends/src/node/dawn.ts";
import { evaluate, type Scope } from "./defect.ts";
import { defects } from "./defects.ts";

const scopes: readonly Scope[] = ["core", "cpu", "wasm", "webgpu"];

const page = () => `# Defects of tfjs 4.22

Each with the smallest case that shows it; as issues ready to be sent, they are in [tfjs-issues](tfjs-issues/README.md). \`tf\` is \`@tensorflow/tfjs-core\` 4.22.0 with all of its gradients. All of them are fixed as soon as
\`@pellucid/core-train\` is loaded and \`useBackend\` was called; \`packages/core-train/test/defects\` holds every case against plain tfjs, where it must still be
wrong, and against ours, where it must be right. This page is written by that test.
${scopes.map((scope) => `\n## ${titles[scope]}\n\n${defects[scope].map(({ title, code, right }) => `- ${title}. Expected ${right.join(", ")}:\n\n  \`\`\`js\n  ${code}\n  \`\`\``).join("\n")}\n`).join("")}
## Not fixed

- A \`customGrad\` that saves its output has a wrong second derivative, and with it \`logSoftmax\`, which is one: use those of the core.
- Ragged and string ops, and some sparse ones, run on the CPU backend whichever is active, which must have been imported; of what is on a GPU only in a browser.
- On WebGPU \`sin\`, \`cos\`, \`tan\` and their inverses are only as precise as WGSL asks, some 2⁻¹¹; \`tanh\`, \`sinh\`, \`asinh\` and \`atanh\` lose tiny numbers.
`;

const titles: Readonly<Record<Scope, string>> = {
  core: "On every backend",
  cpu: "On CPU",
  wasm: "On WASM",
  webgpu: "On WebGPU",
};

describe.each(scopes)("with our kernels and gradients, %s:", (scope) => {
  describe.skipIf(scope === "webgpu" && softwareDriver() === undefined)("no longer", () => {
    beforeAll(async () => {
      await useBackend({ only: scope === "core" ? "cpu" : scope });
    });
    afterAll(() => useBackend({ only: "cpu" }));

    // here, for a case may set it: tfjs computes what is small on the CPU by default
    beforeEach(() => void (scope === "webgpu" && tf.env().set("WEBGPU_CPU_FORWARD", false)));

    test.each(defects[scope].map((defect) => [defect.title, defect] as const))("%s", async (_, defect) => {
      expect(await evaluate(tf, defect)).toBeAllclose([...defect.right], { rtol: 1e-5, atol: 1e-6 });
    });
  });
});

test("the page in docs lists them", async () => {
  await expect(page()).toMatchFileSnapshot("../../../../docs/tfjs-defects.md");
});
