// node tools/up.mjs [--browser] COMMAND...: runs COMMAND with the Node and pnpm pinned below and the locked dependencies, on a machine
// that has only Node (20 or later) and npm. With --browser it also looks for a Chromium, which tests need and `npm start` does not.
import { existsSync } from "node:fs";
import { findBrowser } from "./find-browser.mjs";
import { runProgram } from "./run-program.mjs";

const NODE = "24.21.0";
const PNPM = "12.21.0";

Object.assign(process.env, {
  STORYBOOK_DISABLE_TELEMETRY: "1",
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
});

/** Finds a browser, or installs Debian's Chromium where this process may: as root, with apt, and without `CHROMIUM` set. */
function bringBrowser() {
  if (findBrowser() !== undefined) return;
  const named = process.env.CHROMIUM;
  const mayInstall = existsSync("/etc/debian_version") && process.getuid?.() === 0 && !named;
  if (!mayInstall) {
    console.error(
      named
        ? `CHROMIUM is ${named}, where there is no file. Set it to the path of a Chromium, Chrome or Edge.`
        : "Tests run in a Chromium, Chrome or Edge, and none was found. Install one, or put its path in the environment variable CHROMIUM.",
    );
    process.exit(1);
  }
  console.log("Tests need a Chromium: installing Debian's with apt-get (set CHROMIUM to use another).");
  runProgram("apt-get", ["update", "-qq"]);
  runProgram("apt-get", ["install", "-qq", "-y", "--no-install-recommends", "chromium"]);
}

const words = process.argv.slice(2);
if (words[0] === "--browser") {
  words.shift();
  bringBrowser();
}
runProgram("npx", [
  "--yes",
  `--package=node@${NODE}`,
  `--package=pnpm@${PNPM}`,
  "--",
  "node",
  "tools/install-and-run.mjs",
  ...words,
]);
