import { serveDataset } from "@pellucid/core-train";
import large from "./large.ts";

serveDataset(large);
