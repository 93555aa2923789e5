import { join } from "node:path";
import { build, type Rollup } from "vite";
import { describe, expect, it } from "vitest";

/** What a page that imports these names downloads, in addition to the core. */
async function bundle(names: string): Promise<string> {
  const index = JSON.stringify(join(import.meta.dirname, "../src/index.ts"));
  const output = (await build({
    configFile: false,
    logLevel: "silent",
    plugins: [
      {
        name: "page",
        resolveId: (id) => (id.endsWith("page") ? "\0page" : null),
        load: (id) => (id === "\0page" ? `export { ${names} } from ${index};` : null),
      },
    ],
    build: {
      write: false,
      minify: true,
      lib: { entry: "page", formats: ["es"] },
      rollupOptions: { external: [/^@pellucid\/core-train/, /^@tensorflow\//] },
    },
  })) as Rollup.RollupOutput[];
  return output.flatMap((part) => part.output.map((file) => ("code" in file ? file.code : ""))).join("\n");
}

describe("a page's bundle", () => {
  it.each([
    ["digits", 70_000],
    ["diabetes", 20_000],
    ["mnist, fashionMnist, cifar10", 24_000],
    ["shapeScenes, shapeImages", 15_000],
    ["moons, spirals, blobs, xor, sine", 5_000],
    ["readIdx", 2_000],
  ])("of %s has nothing of Node's, and is below %d bytes", async (names, limit) => {
    const code = await bundle(names);
    expect(code).not.toMatch(/["']node:/);
    expect(code.includes("H4sI")).toBe(names === "digits" || names === "diabetes");
    expect(code.includes("amazonaws")).toBe(names.startsWith("mnist"));
    expect(code.length).toBeLessThan(limit);
  });
});
