import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "pellucid-binding-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What looks like tfjs-node set up, and says what it finds when it is loaded. */
function makeBinding(): void {
  const own = join(folder, "node_modules/@tensorflow/tfjs-node");
  for (const inside of ["deps/lib", "lib/napi-v8"]) mkdirSync(join(own, inside), { recursive: true });
  writeFileSync(join(own, "deps/lib/libtensorflow.so.2"), "");
  writeFileSync(join(own, "lib/napi-v8/tfjs_binding.node"), "");
  writeFileSync(join(own, "package.json"), JSON.stringify({ version: "4.22.0", main: "index.js" }));
  writeFileSync(
    join(own, "index.js"),
    `const { isArray, isNullOrUndefined } = require("node:util");
    console.log(JSON.stringify([process.env.TF_FORCE_GPU_ALLOW_GROWTH, isNullOrUndefined(null), isNullOrUndefined(0), isArray([])]));
    throw new Error("the library is empty");`,
  );
}

test.skipIf(process.platform !== "linux")(
  "what tfjs-node needs of Node is there before it is loaded, and a GPU's memory is to grow on demand",
  () => {
    makeBinding();
    const use = JSON.stringify(new URL("../use-backend.ts", import.meta.url).href);
    const code = `const { useBackend } = await import(${use});
      await useBackend({ only: "native" }).catch(({ message }) => console.log(message));`;
    const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", code], {
      cwd: folder,
      encoding: "utf8",
    });
    const [found = "", message] = printed.trim().split("\n");
    expect(JSON.parse(found)).toEqual(["true", true, false, true]);
    expect(message).toMatch(/native: @tensorflow\/tfjs-node does not load: the library is empty\.$/);
  },
);
