/** The TypeScript that makes a trained `net`, for programs that stories show: its imports, how it is made, the file with its weights. */
export function netCode(imports: string, make: string, weights: string): string {
  return `import { useBackend } from "@pellucid/backends";
import { loadWeights, Rng } from "@pellucid/core-train";
${imports}

await useBackend();
const net = ${make};
const file = await fetch(new URL("./${weights}.safetensors", import.meta.url));
loadWeights(net, await file.arrayBuffer());`;
}
