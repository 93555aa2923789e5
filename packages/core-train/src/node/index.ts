// watching
export { SummaryWriter, type SummaryWriterOptions } from "./summary-writer.ts";
export { type SummaryTensor } from "../tensorboard/event-log.ts";
export { tensorBoard } from "../tensorboard/tensor-board.ts";
export { progressBar, type ProgressBarOptions } from "./progress-bar.ts";

// data
export { nodeThreads, type NodeThreadsOptions } from "./node-threads.ts";
export { nodeWorkers, type NodeWorkersOptions } from "./node-workers.ts";

// weights and checkpoints
export { readCheckpoint } from "./read-checkpoint.ts";
export { readWeights } from "./read-weights.ts";
export { writeCheckpoint } from "./write-checkpoint.ts";
export { writeFileAtomic } from "./write-file-atomic.ts";
export { writeWeights } from "./write-weights.ts";
