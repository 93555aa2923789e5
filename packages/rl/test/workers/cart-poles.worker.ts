import { make, serveEnvs } from "@pellucid/rl/environments";

serveEnvs(() => make("CartPole-v1"));
