export { emptyReduction } from "./each.ts";
