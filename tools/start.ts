// npm start: builds what Node needs, trains the digits CNN, saves it and predicts with it; then opens the Storybook on that very model.
// With --once, and where nobody is at a terminal to stop the server, it stops before the Storybook.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const shell = process.platform === "win32"; // there npm's programs are command files, which only a shell starts

const build = spawnSync("turbo", ["run", "build", "--output-logs=errors-only", "--log-prefix=none"], {
  stdio: ["ignore", "ignore", "inherit"],
  shell,
});
if (build.status !== 0) process.exit(build.status ?? 1);
const model = resolve("model.safetensors");
const training = spawnSync(process.execPath, ["examples/digits-cnn/main.ts", model], { stdio: "inherit" });
const attended = process.stdout.isTTY && process.env["CI"] === undefined;
if (training.status !== 0 || process.argv.includes("--once") || !attended) process.exit(training.status ?? 1);
const { status } = spawnSync("storybook", ["dev", "--port", "6006", "--host", "127.0.0.1"], {
  stdio: "inherit",
  shell,
  env: { ...process.env, PELLUCID_MODEL: model, STORYBOOK_DISABLE_TELEMETRY: "1" },
});
process.exitCode = status ?? 1;
