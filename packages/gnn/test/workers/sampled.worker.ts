import { serveDataset } from "@pellucid/core-train";
import sampled from "../sampled.ts";

serveDataset(sampled);
