import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, expectAccuracy } from "./check.ts";
import { fourGradients, fourGradientsOfPytorch } from "./four-gradients.ts";
import { npmInstall, project, run } from "./project.ts";

const nodes = ["20.20.2", "22.23.0", "24.21.0"];

/** What the packages do in every Node that is supported, in worker threads, and next to `@tensorflow/tfjs`. */
export async function checkNodes(): Promise<void> {
  for (const version of nodes) {
    await check(`Node ${version} runs the README's program`, () => {
      const call = "--call=node readmes/pellucid-1.js";
      expectAccuracy(run("npx", ["--yes", `--package=node@${version}`, call]));
    });
  }

  await check("npx @pellucid/export writes an ONNX file of a model in TypeScript with its weights", () => {
    writeFileSync(join(project, "model.ts"), model);
    writeFileSync(join(project, "weights.js"), weights);
    writeFileSync(join(project, "read-onnx.js"), readOnnx);
    run("node", ["weights.js"]);
    const shape = ["--weights", "w.safetensors", "--input", "1,4"];
    const printed = run("npx", ["--no", "@pellucid/export", "onnx", "model.ts", ...shape]);
    if (printed !== "model.onnx: Sequential, 0.00 MB\n")
      throw new Error(`expected a line about model.onnx, got:\n${printed}`);
    const older = `--call=node node_modules/.bin/pellucid-export onnx model.ts ${shape.join(" ")}`;
    expectFailure(/does not read. Use Node 22.18/, () =>
      run("npx", ["--yes", "--package=node@20.20.2", older]),
    );
    const again = run("node", ["read-onnx.js"]);
    if (again !== "0.1 0.2 0.3\n") throw new Error(`expected the weights of the file, got:\n${again}`);
  });

  await check("batches come from worker threads", () => {
    writeFileSync(
      join(project, "numbers.js"),
      "export default { length: 6, get: (i) => ({ x: { data: Float32Array.of(i), shape: [1] }, y: i }) };",
    );
    writeFileSync(join(project, "workers.js"), workers);
    const printed = run("node", ["workers.js"]);
    if (printed !== "0 1 2\n3 4 5\n") throw new Error(`expected the numbers 0 to 5, got:\n${printed}`);
  });

  await check("gradients stay when @tensorflow/tfjs is imported later", () => {
    npmInstall("@tensorflow/tfjs@4.22.0");
    writeFileSync(join(project, "later.js"), later);
    const printed = run("node", ["later.js"]);
    const expected = `${fourGradientsOfPytorch}\n${fourGradientsOfPytorch}\n`;
    if (printed !== expected) throw new Error(`expected:\n${expected}got:\n${printed}`);
  });
}

function expectFailure(message: RegExp, body: () => string): void {
  try {
    body();
  } catch (error) {
    if (message.test(String((error as { readonly stderr?: string }).stderr))) return;
    throw error;
  }
  throw new Error(`expected an error: ${message.source}`);
}

/** A bias of 7, which the file of weights replaces. */
const model = `import { init, Linear, type Rng, Sequential } from "@pellucid/core-train";
export default (rng: Rng) => new Sequential(new Linear(4, 3, { rng, init: init.constant(7) }));
`;

const weights = `import { writeFileSync } from "node:fs";
import { encodeSafetensors } from "@pellucid/core-train";
const data = (values, ...shape) => ({ data: Float32Array.from(values), shape });
const bias = data([0.1, 0.2, 0.3], 3);
writeFileSync("w.safetensors", encodeSafetensors({ "0.weight": data(new Array(12).fill(0), 3, 4), "0.bias": bias }));
`;

const readOnnx = `import { readFileSync } from "node:fs";
import { useBackend } from "@pellucid/backends";
import { fromOnnx } from "@pellucid/export";
import { ones } from "@tensorflow/tfjs-core";
await useBackend();
const y = fromOnnx(new Uint8Array(readFileSync("model.onnx"))).forward(ones([1, 4]));
console.log(Array.from(y.dataSync(), (n) => n.toFixed(1)).join(" "));
`;

const workers = `import { batches } from "@pellucid/core-train";
import { nodeWorkers } from "@pellucid/core-train/node";
import { useBackend } from "@pellucid/backends";
import numbers from "./numbers.js";
await useBackend();
const workers = nodeWorkers(2, new URL("./numbers.js", import.meta.url));
for await (const { x } of batches(numbers, { size: 3, workers })) console.log([...x.dataSync()].join(" "));
`;

const later = `${fourGradients}
import { useBackend } from "@pellucid/backends";
await useBackend();
console.log(fourGradients());
await import("@tensorflow/tfjs");
console.log(fourGradients());
`;
