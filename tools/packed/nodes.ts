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
