// Runs before every test file in Node: the matchers, and the CPU backend as the one that tests start on.
import "./matchers.ts";
import "@tensorflow/tfjs-backend-cpu";
import { env, setBackend } from "@tensorflow/tfjs-core";

env().set("IS_TEST", true);
await setBackend("cpu");
