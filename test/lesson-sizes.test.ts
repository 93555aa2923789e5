// What a lesson of the course weighs: its page, its parts and the code of its family, without tfjs, the core, backends, data sets and recorded numbers.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../packages/course/src");
const lessons = readdirSync(root).filter((name) => existsSync(join(root, name, `${name}.ts`)));
const apart = /^(@tensorflow|@pellucid\/(core-train|backends|kernels|datasets))(\/|$)/;

/** kB (gzip). The digits' page has every part: the flow of all maps, calculations, methods with their tests; the other has many methods. */
const limits: Readonly<Record<string, number>> = { "digit-cnn": 33.5, "compare-methods": 25.5 };

/** The code of a lesson in kB, gzip, minified as Storybook ships it. */
async function sizeOf(lesson: string): Promise<number> {
  const made = await build({
    configFile: false,
    logLevel: "silent",
    root,
    plugins: [{ name: "no-recorded-numbers", load: (id: string) => (id.endsWith(".json") ? "{}" : null) }],
    build: {
      write: false,
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: join(root, lesson, `${lesson}.ts`),
        external: apart,
        preserveEntrySignatures: "strict",
      },
    },
  });
  const outputs = [made].flat().flatMap((one) => ("output" in one ? one.output : []));
  const code = outputs.map((one) => (one.type === "chunk" ? one.code : "")).join("");
  return gzipSync(code).length / 1000;
}

describe("sizes of lessons", () => {
  it("finds the lessons", () => expect(lessons.length).toBeGreaterThan(15));

  it.for(lessons)("%s", { timeout: 120_000 }, async (lesson) => {
    const size = await sizeOf(lesson);
    expect(size).toBeGreaterThan(5);
    expect(size, `${lesson} takes ${size.toFixed(1)} kB`).toBeLessThan(limits[lesson] ?? 25);
  });
});
