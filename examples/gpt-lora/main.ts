// Trains in Node, and prints what each model writes. The page does the same: see index.html.
import { useBackend } from "@pellucid/backends";
import { teach } from "./teach.ts";

await useBackend();
const { texts, weights, adapterWeights, files } = await teach();
const adapterBytes = files["adapter_model.safetensors"].length;
const [base, adapted, removed, merged] = texts;
console.log(`${weights.toLocaleString("en")} weights write:          ${base}`);
console.log(`an adapter of ${adapterWeights.toLocaleString("en")}, ${adapterBytes} bytes: ${adapted}`);
console.log(`without it again:                ${removed}`);
console.log(`merged into a copy:              ${merged}`);
