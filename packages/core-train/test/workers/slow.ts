import type { Dataset } from "../../src/data/dataset.ts";

/** Never done. */
const slow: Dataset<number> = { length: 4, get: () => new Promise<never>(() => {}) };

export default slow;
