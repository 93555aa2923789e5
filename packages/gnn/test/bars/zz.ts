import { useBackend } from "@pellucid/backends";
import { accuracyOf, methods, onAll } from "./sampled-cora.ts";
await useBackend({ only: "wasm" });
const epochs = Number(process.argv[2]);
const only = process.argv[3];
for (const [name, make] of [
  ...Object.entries(onAll),
  ...Object.entries(methods).map(([n, m]) => [n, m.make] as const),
]) {
  if (only !== undefined && !name.includes(only)) continue;
  const c = process.cpuUsage();
  try {
    const a = await accuracyOf(make, epochs, 0);
    const d = process.cpuUsage(c);
    console.log(name, (100 * a).toFixed(1), ((d.user + d.system) / 1e6).toFixed(1), "s CPU");
  } catch (e) {
    console.log(name, e);
  }
}
