// Node takes most of a millisecond to find and load a file, and core-train has some 400; and the gradients of tfjs-core are
// ES modules that Node cannot load, since their imports have no file extensions. This bundles what Node imports into a few
// files. Bundlers are given the files as they are, to leave out what a page does not use.
import { build } from "vite";

const bundled = "@tensorflow/tfjs-core/dist/"; // the only import by name that is not left to Node

await build({
  configFile: false,
  logLevel: "warn",
  resolve: { conditions: ["node", "module", "import", "default"] },
  build: {
    target: "es2022",
    outDir: "dist/bundled",
    minify: false,
    lib: {
      entry: {
        index: "src/index.ts",
        "download/index": "src/download/index.ts",
        gradients: "src/gradients.ts",
        "linalg/index": "src/linalg/index.ts",
        "node/index": "src/node/index.ts",
        "node/worker": "src/node/worker.ts",
        "tensorboard/index": "src/tensorboard/index.ts",
      },
      formats: ["es"],
    },
    rolldownOptions: { external: (id) => /^[@a-z]/.test(id) && !id.startsWith(bundled) },
  },
});
