// npm start: builds what Node needs, then trains the digits CNN, saves it and predicts with it.
import { spawnSync } from "node:child_process";

const build = spawnSync("turbo", ["run", "build", "--output-logs=errors-only", "--log-prefix=none"], {
  stdio: ["ignore", "ignore", "inherit"],
});
if (build.status !== 0) process.exit(build.status ?? 1);
const { status } = spawnSync(process.execPath, ["examples/digits-cnn/main.ts"], { stdio: "inherit" });
process.exitCode = status ?? 1;
