// A process of its own that downloads one file: node download-and-exit.ts URL CACHE SIZE SHA256
import { download } from "../../src/download/download.ts";
import { FolderCache } from "../../src/node/folder-cache.ts";

const [url = "", cache = "", size = "", sha256 = ""] = process.argv.slice(2);
await download({ name: "file.gz", folder: "set", size: Number(size), sha256 }, [url], new FolderCache(cache));
