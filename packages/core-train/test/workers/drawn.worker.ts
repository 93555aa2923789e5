import { serveDataset } from "../../src/data/serve-dataset.ts";
import drawn from "./drawn.ts";

serveDataset(drawn);
