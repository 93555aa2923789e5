export { cumulative } from "./along.ts";
