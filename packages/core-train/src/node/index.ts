// watching
export { progressBar, type ProgressBarOptions } from "./progress-bar.ts";

// data
export { nodeWorkers, type NodeWorkersOptions } from "./node-workers.ts";
