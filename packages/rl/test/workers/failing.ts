import { parentPort } from "node:worker_threads";
import { serveEnvs } from "@pellucid/rl/environments";

serveEnvs(() => {
  throw new Error("no simulator here");
}, parentPort);
