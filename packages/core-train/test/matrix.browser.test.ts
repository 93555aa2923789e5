import "@pellucid/testing/setup";
import { useBackend } from "@pellucid/backends";
import { env } from "@tensorflow/tfjs-core";
import { commands } from "vitest/browser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cases } from "./matrix/cases.ts";
import { type Errors, errorsOver, failures } from "./matrix/check.ts";

const given = import.meta.env as Readonly<Record<string, string | undefined>>;
const seeds = Number(given["VITE_PELLUCID_SEEDS"] ?? 1);
const report = given["VITE_PELLUCID_REPORT"];

/** The shaders are those of WebGPU in Node, where all cases run: here some will do, unless a report is wanted. */
const some = cases.filter((_, i) => report !== undefined || i % 5 === 0);

describe("on WebGPU in Chromium", () => {
  const found: Record<string, Errors> = {};
  beforeAll(async () => {
    await useBackend({ only: "webgpu" });
    env().set("WEBGPU_CPU_FORWARD", false);
  });
  afterAll(() =>
    report === undefined ? undefined : commands.writeFile(`${report}/chromium.json`, JSON.stringify(found)),
  );

  test.each(some.map((c) => [c.name, c] as const))("%s", async (name, c) => {
    found[name] = await errorsOver(c, seeds);
    expect(failures(found[name])).toEqual([]);
  });
});
