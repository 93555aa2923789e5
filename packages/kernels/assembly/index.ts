export { conv2d } from "./conv2d";
export { conv2dFilter } from "./conv2d-filter";
export { convInput } from "./conv-input";
export { depthwiseFilter } from "./depthwise-filter";
export { depthwiseInput } from "./depthwise-input";
export { dilation2dFilter, dilation2dInput } from "./dilation2d";
export { maxPool, maxPoolGrad } from "./max-pool";
export { segmentSum, segmentSumInt } from "./segment-sum";
