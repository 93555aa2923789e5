import type { Dataset } from "../../src/data/dataset.ts";

/** Fails in a given way. */
export default (how: "get" | "ragged" | "exit" | "make"): Dataset<unknown> => {
  if (how === "make") throw new Error("there is no such folder");
  return {
    length: 12,
    get(i) {
      if (i === 7 && how === "get") throw new Error("the file is gone");
      if (i === 7 && how === "exit") process.exit(3);
      return new Float32Array(i === 7 && how === "ragged" ? 2 : 1);
    },
  };
};
