export { broadcastMatMul } from "./composed.ts";
