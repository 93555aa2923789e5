// The gradients of tfjs-core are ES modules that Node cannot load: their imports have no file
// extensions. This bundles them into one file that it can.
import { build } from "vite";

await build({
  configFile: false,
  logLevel: "warn",
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: false,
    lib: { entry: "src/gradients.ts", formats: ["es"], fileName: () => "gradients.node.js" },
    rolldownOptions: { external: ["@tensorflow/tfjs-core"] },
  },
});
