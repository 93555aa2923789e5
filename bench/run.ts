// pnpm bench [ROW…]: ours against our peers, on the same work in the same run. Prints tables of ratios and writes results/*.json. pnpm bench --gpu: see gpu/run.ts.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { importTime } from "./import-time.ts";
import { writeTable } from "./table.ts";
import { type Entry, type Measured, train } from "./training.ts";

const training = (folder: string, peers: Readonly<Record<string, Entry>>) => () =>
  train({
    "Pellucid, WASM": { module: `./${folder}/pellucid.ts`, backend: "wasm" },
    "Pellucid, CPU": { module: `./${folder}/pellucid.ts`, backend: "cpu" },
    ...peers,
  });

/** A script for PyTorch, and its arguments. */
const torchProcess = (backend: string): Entry => ({ module: "./torch-process.ts", backend });

/** Different work, each by itself: nothing is compared but the clock. */
const apart = (folder: string, modules: Readonly<Record<string, string>>) => async () => {
  const measured: Record<string, Measured> = {};
  for (const [name, module] of Object.entries(modules))
    Object.assign(measured, await train({ [name]: { module: `./${folder}/${module}.ts`, backend: "wasm" } }));
  return measured;
};

/** An epoch on Cora next to PyTorch Geometric: Python 3 with it, and Planetoid's files (PELLUCID_DATA), must be there. */
const onGraphs = (work: string) =>
  train({
    "Pellucid, WASM": { module: `./gnn/${work}.ts`, backend: "wasm" },
    "PyTorch Geometric": torchProcess(`gnn/pyg.py ${work}`),
  });

const sums = (order: string) =>
  train({
    "Pellucid, WASM": { module: "./gnn/sum.ts", backend: `wasm ${order}` },
    "PyTorch Geometric": torchProcess(`gnn/pyg.py sum ${order}`),
    "a copy of the rows": { module: "./gnn/copy.ts", backend: "" },
    ...(order === "mixed" && {
      "a copy of the rows, group by group": { module: "./gnn/copy-rows.ts", backend: "" },
    }),
  });

/** Sampled neighbors next to NumPy: PyG's own sampler needs a compiled library. */
const samples = () =>
  train({
    "Pellucid, Node": { module: "./gnn/sample.ts", backend: "" },
    NumPy: torchProcess("gnn/pyg.py sample"),
  });

/** A step op by op and compiled, with one thread and with two; with PyTorch, where Python 3 has it. */
const compiled =
  (work: string, hasTorch = false) =>
  () => {
    const torch = hasTorch && spawnSync("python3", ["-c", "import torch"]).status === 0;
    return train({
      "Pellucid, compiled": { module: "./compiled/step.ts", backend: `${work} compiled` },
      "Pellucid, op by op": { module: "./compiled/step.ts", backend: `${work} eager` },
      "Pellucid, compiled, two threads": { module: "./compiled/step.ts", backend: `${work} compiled 2` },
      ...(torch && {
        "PyTorch, fused Adam, two threads": torchProcess(`compiled/step.py ${work} fused 2`),
        "PyTorch, fused Adam": torchProcess(`compiled/step.py ${work} fused`),
        "PyTorch, fused Adam, AVX2": torchProcess(`compiled/step.py ${work} fused 1 cpu avx2`),
        "PyTorch, its default": torchProcess(`compiled/step.py ${work} default`),
      }),
    });
  };

/** A product of two matrices, on one thread of WebAssembly. */
const product = (kind: string, size: number) => async () => {
  const entry = (module: string): Entry => ({
    module: `./products/${module}.ts`,
    backend: `${kind} ${size}`,
  });
  const measured = await train(
    {
      Pellucid: entry("pellucid"),
      tfjs: entry("tfjs"),
      "jax-js": entry("jax-js"),
      "onnxruntime-web": entry("onnxruntime"),
    },
    100,
  );
  const rate = ({ cpu }: Measured) => (2 * size ** 3) / cpu / 1e6;
  return Object.fromEntries(
    Object.entries(measured).map(([name, each]) => [name, { ...each, gflops: rate(each) }]),
  );
};

const products = Object.fromEntries(
  ["ab", "abT", "aTb"].flatMap((kind) =>
    [256, 512, 1024].map((size) => [`products ${kind} ${size}`, product(kind, size)] as const),
  ),
);

/** Work of a folder next to its script for PyTorch on one thread, where Python 3 has it. */
const nextToTorch =
  (folder: string, work: string, isCompiled = false) =>
  () => {
    const hasTorch = spawnSync("python3", ["-c", "import torch"]).status === 0;
    const module = `./${folder}/${work}.ts`;
    return train({
      ...(isCompiled && { "Pellucid, compiled": { module, backend: "wasm compiled" } }),
      "Pellucid, WASM": { module, backend: "wasm" },
      ...(hasTorch && { "PyTorch, one thread": torchProcess(`${folder}/${folder}.py ${work}`) }),
    });
  };

/** A network of torchvision sees a batch, op by op and compiled, or learns from it; next to torchvision's on one thread, where Python 3 has it. */
const net =
  (name: string, learns = false) =>
  () => {
    const hasTorch = spawnSync("python3", ["-c", "import torch"]).status === 0;
    const module = "./vision/nets.ts";
    return train({
      "Pellucid, WASM": { module, backend: learns ? `${name} learn` : name },
      ...(!learns && { "Pellucid, compiled": { module, backend: `${name} compiled` } }),
      ...(hasTorch && {
        "PyTorch, one thread": torchProcess(`vision/vision.py net ${name}${learns ? " learn" : ""}`),
      }),
    });
  };

/** What is measured; the first entry of each is the one that others are compared with. */
const rows: Readonly<Record<string, () => Promise<Record<string, Measured>>>> = {
  "perceptron: 784-256-128-10, Adam, a step of 128": training("perceptron", {
    "tfjs-layers, WASM": { module: "./perceptron/tfjs-layers.ts", backend: "wasm" },
    "tfjs-layers, CPU": { module: "./perceptron/tfjs-layers.ts", backend: "cpu" },
    "jax-js, WASM": { module: "./perceptron/jax-js.ts", backend: "wasm" },
  }),
  "cnn: conv 10 - conv 20 - linear, SGD, a step of 64 digits": training("cnn", {
    "tfjs-layers, CPU": { module: "./cnn/tfjs-layers.ts", backend: "cpu" }, // on WASM it cannot train convolutions
    "jax-js, WASM": { module: "./cnn/jax-js.ts", backend: "wasm" },
  }),
  "explain: one digit to the net of 8×8 digits, WASM, warm": apart("explain", {
    saliency: "saliency",
    "integrated gradients, 32 steps": "integrated-gradients",
    "all eight CAMs": "cams",
  }),
  "map: a step of t-SNE, 1,797 digits, perplexity 30": () =>
    train({
      "Pellucid, tree": { module: "./map/pellucid.ts", backend: "cpu" },
      "tsnejs (@keckelt/tsne)": { module: "./map/tsnejs.ts", backend: "cpu" },
      druidjs: { module: "./map/druid.ts", backend: "cpu" },
    }),
  "umap: 1,797 digits, 200 epochs, from data to map": () =>
    train({
      "Pellucid, CPU": { module: "./umap/pellucid.ts", backend: "cpu" },
      "Pellucid, WASM": { module: "./umap/pellucid.ts", backend: "wasm" },
      "umap-js": { module: "./umap/umap-js.ts", backend: "cpu" },
      druidjs: { module: "./umap/druid.ts", backend: "cpu" },
    }),
  "gpt: 4 blocks of 128, the next character from a cache": training("gpt", {
    "jax-js, WASM": { module: "./gpt/jax-js.ts", backend: "wasm" },
  }),
  "lstm: 2 layers of 256, the next character from a state": training("lstm", {
    "tfjs-layers, WASM": { module: "./lstm/tfjs-layers.ts", backend: "wasm" },
    "tfjs-layers, CPU": { module: "./lstm/tfjs-layers.ts", backend: "cpu" },
  }),
  "mamba: 3 blocks of 96, the next character from a state": training("mamba", {
    "Pellucid, WASM, compiled": { module: "./mamba/pellucid.ts", backend: "wasm compiled" },
    "jax-js, WASM": { module: "./mamba/jax-js.ts", backend: "wasm" },
  }),
  "gnn gcn: an epoch on Cora": () => onGraphs("gcn"),
  "gnn gat: an epoch on Cora": () => onGraphs("gat"),
  "gnn sum: a million rows of 64 in 100,000 groups, side by side": () => sums("sorted"),
  "gnn sample: two hops of ten neighbors of 1,000 nodes, of a million edges": samples,
  "gnn sums: a million rows of 64 in 100,000 groups, far apart": () => sums("mixed"),
  "detection: the objects of a picture of 64×64, WASM; quality: mAP at an IoU of 0.5": apart("detection", {
    "one stage, without anchors": "one-stage",
    "two stages, Faster R-CNN": "two-stage",
  }),
  "detection regions: the same picture by regions that selective search proposes, WASM; quality: mAP at an IoU of 0.5":
    apart("detection", {
      "selective search, then Fast R-CNN": "fast-rcnn",
      "selective search, then R-CNN": "r-cnn",
    }),
  "vision nms: 10,000 boxes": nextToTorch("vision", "nms"),
  "vision roiAlign: 256 regions of a map of 64×64×64, and the gradient": nextToTorch("vision", "roi-align"),
  "vision unet: 16 channels, 4 levels, Adam, a step of 4 × 64×64": nextToTorch("vision", "unet"),
  ...Object.fromEntries(
    [
      "mobilenet_v3_large",
      "densenet121",
      "convnext_tiny",
      "regnet_y_400mf",
      "shufflenet_v2_x1_0",
      "swin_t",
    ].map((name) => [`vision net ${name}: 2 pictures of 64×64, seen`, net(name)]),
  ),
  "vision step swin_t: 2 pictures of 64×64, cross-entropy and Adam": net("swin_t", true),
  "generative sample: 16 pictures of 16×16 by DDIM in 10 steps, a U-Net of 16 channels": nextToTorch(
    "generative",
    "sample",
    true,
  ),
  "generative train: a step of that U-Net, DDPM, Adam, 16 pictures": nextToTorch("generative", "train", true),
  "generative decode: 1,000 digits from the codes of a VAE, 784-400-20": nextToTorch("generative", "decode"),
  "compiled mlp: 64-64-32-10, Adam, a step of 16": compiled("mlp-small", true),
  "compiled mlp 784: 784-256-128-10, Adam, a step of 128": compiled("mlp", true),
  "compiled cnn: the net for digits, Adam, a step of 64": compiled("cnn"),
  "compiled mnist: conv 24 - conv 32 - linear on 28×28, Adam, a step of 64": compiled("mnist", true),
  "compiled resnet: ResNet-18 on 32×32, Adam, a step of 16": compiled("resnet", true),
  "compiled gpt: 2 blocks of 32, AdamW, a step of 4 × 32": compiled("gpt-small", true),
  "compiled gpt 128: 4 blocks of 128, AdamW, a step of 12 × 64": compiled("gpt", true),
  "compiled lstm: 32 cells, AdamW, a step of 4 × 32": compiled("lstm-small", true),
  "compiled lstm 256: 2 layers of 256 cells, AdamW, a step of 12 × 64": compiled("lstm", true),
  "compiled mamba: 2 blocks of 32, AdamW, a step of 4 × 32": compiled("mamba-small"),
  "compiled token: Mamba of 3 blocks of 96, 20 tokens": compiled("token"),
  ...products,
  "import: everything one needs to train": async () =>
    importTime({
      "Pellucid core-train and backends": [
        "../packages/core-train/dist/bundled/index.js",
        "../packages/backends/dist/index.js",
      ],
      "@tensorflow/tfjs": ["@tensorflow/tfjs"],
      "@jax-js/jax": ["@jax-js/jax"],
    }),
};

if (process.argv.includes("--gpu")) await import("./gpu/run.ts"); // which ends the process

const wanted = process.argv.slice(2);
const isWanted = (row: string) => wanted.length === 0 || wanted.some((word) => row.startsWith(word));
const results: Record<string, Record<string, Measured>> = {};
for (const [row, measure] of Object.entries(rows)) {
  if (!isWanted(row)) continue;
  try {
    const measured = await measure();
    results[row] = measured;
    print(row, measured);
  } catch (error) {
    console.error(`\n${row}\n`, error); // the other rows are kept
    process.exitCode = 1;
  }
}

const date = new Date().toISOString();
const machine = {
  node: process.version,
  processor: cpus()[0]?.model ?? "",
  cores: availableParallelism(),
  load: loadavg()[0],
};
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
const folder = new URL("results/", import.meta.url);
mkdirSync(folder, { recursive: true });
const file = new URL(`${date.replaceAll(":", "-").slice(0, 19)}.json`, folder);
writeFileSync(file, `${JSON.stringify({ date, commit, machine, results }, null, 2)}\n`);
writeTable();

/** A table: milliseconds, and how many times as long as the first entry. */
function print(row: string, measured: Record<string, Measured>): void {
  const [first] = Object.values(measured);
  if (first === undefined) return;
  const cell = (text: string | number, width: number) => `${text}`.padStart(width);
  console.log(
    `\n${row}\n${"".padEnd(36)}${["CPU ms", "ratio", "wall ms", "ratio"].map((h) => cell(h, 11)).join("")}`,
  );
  for (const [name, { cpu, wall, quality }] of Object.entries(measured)) {
    const cells = [
      cpu.toFixed(1),
      (cpu / first.cpu).toFixed(1),
      wall.toFixed(1),
      (wall / first.wall).toFixed(1),
    ];
    const good = quality === undefined ? "" : `   quality ${quality.toFixed(4)}`;
    console.log(`  ${name.padEnd(34)}${cells.map((text) => cell(text, 11)).join("")}${good}`);
  }
}
