export {
  type Cholesky,
  cholesky,
  choleskyInverse,
  choleskySolve,
  logDeterminant,
  solveLower,
  solveUpper,
} from "./cholesky.ts";
export { leastPivot, type Lu, lu, luSolve } from "./lu.ts";
export { type Matrix } from "./matrix.ts";
export { NotPositiveDefiniteError } from "./not-positive-definite-error.ts";
