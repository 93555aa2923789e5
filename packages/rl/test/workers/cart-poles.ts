import { parentPort } from "node:worker_threads";
import { make, serveEnvs } from "@pellucid/rl/environments";

serveEnvs(() => make("CartPole-v1"), parentPort);
