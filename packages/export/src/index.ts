// tfjs' models of layers
export { fromTfjs, type FromTfjsOptions, TfjsModel } from "./tfjs/from-tfjs.ts";
export { TfjsError } from "./tfjs/tfjs-error.ts";
export { type TfjsFiles } from "./tfjs/tfjs-weights.ts";
