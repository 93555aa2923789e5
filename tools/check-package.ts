// Packs the package in the current folder and checks the tarball as npm would serve it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "pack-"));
try {
  execFileSync("pnpm", ["pack", "--pack-destination", folder], { stdio: ["ignore", "ignore", "inherit"] });
  const [name] = readdirSync(folder);
  if (name === undefined) throw new Error("pnpm pack wrote nothing");
  const tarball = join(folder, name);
  execFileSync("publint", ["run", tarball, "--strict"], { stdio: "inherit" });
  execFileSync("attw", [tarball, "--profile", "esm-only", "--no-emoji", "--no-color", "--format", "ascii"], {
    stdio: "inherit",
  });
} finally {
  rmSync(folder, { recursive: true });
}
