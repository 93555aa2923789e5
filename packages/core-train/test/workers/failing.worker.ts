import { serveDataset } from "../../src/data/serve-dataset.ts";
import failing from "./failing.ts";

serveDataset(Promise.resolve(failing("get")));
