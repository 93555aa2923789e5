// node tools/up.mjs COMMAND...: brings a machine that has only Node (20 or later) and npm to where
// COMMAND runs: the Node and pnpm pinned below, the locked dependencies, and a Chromium.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const NODE = "24.21.0";
const PNPM = "12.21.0";

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    stdio: "inherit",
    env: {
      ...process.env,
      STORYBOOK_DISABLE_TELEMETRY: "1",
      TURBO_TELEMETRY_DISABLED: "1",
      DO_NOT_TRACK: "1",
    },
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(process.env.CHROMIUM ?? "/usr/bin/chromium")) {
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"]).error) {
    console.error("Tests run in Chromium: install it and put its path in the environment variable CHROMIUM.");
    process.exit(1);
  }
  run("apt-get", ["update", "-qq"]);
  run("apt-get", ["install", "-qq", "-y", "--no-install-recommends", "chromium"]);
}
const quote = (word) => `'${word.replaceAll("'", "'\\''")}'`;
run("npx", [
  "--yes",
  `--package=node@${NODE}`,
  `--package=pnpm@${PNPM}`,
  `--call=pnpm install --frozen-lockfile --reporter=append-only && ${process.argv.slice(2).map(quote).join(" ")}`,
]);
