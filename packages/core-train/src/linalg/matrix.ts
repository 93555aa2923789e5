/** A matrix of numbers in 64 bits, row by row. */
export type Matrix = readonly Float64Array[];
