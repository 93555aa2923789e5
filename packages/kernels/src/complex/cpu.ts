export { complexBroadcast } from "./arithmetic.ts";
