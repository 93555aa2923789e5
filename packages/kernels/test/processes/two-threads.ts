// A product by two threads, after which nothing keeps the process.
import { setNumThreads, useBackend } from "@pellucid/backends";
import { matMul, ones } from "@tensorflow/tfjs-core";

await useBackend({ only: "wasm" });
await setNumThreads(2);
const c = matMul(ones([512, 512]), ones([512, 512]));
process.stdout.write(`${c.dataSync()[512 * 512 - 1]}\n`);
