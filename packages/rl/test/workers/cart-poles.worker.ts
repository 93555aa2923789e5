import { make, serveEnvs } from "@pellucid/rl";

serveEnvs(() => make("CartPole-v1"));
