// what is explained
export { classScore } from "./class-score.ts";
export { type Score } from "./score.ts";

// which input matters: gradients
export { saliency } from "./saliency.ts";
