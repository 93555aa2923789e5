// A thread that writes the file `path` again and again, its own number in every byte: node/files.test.ts runs several.
import { writeFileAtomic } from "@pellucid/core-train/node";
import { parentPort, workerData } from "node:worker_threads";

const { path, byte } = workerData as { path: string; byte: number };
for (let i = 0; i < 20; i++) await writeFileAtomic(path, new Uint8Array(5000).fill(byte));
parentPort?.postMessage("written");
