import { type AskPhotos, startPhotoWorker } from "./ask-worker.ts";

const weights = new URL("./squeezenet.safetensors", import.meta.url);
const classNames = new URL("./class-names.txt", import.meta.url);

/** The network in its worker, and its classes' names. */
export interface PhotoNetwork {
  readonly ask: AskPhotos;
  readonly names: readonly string[];
  readonly backend: string;
}

let network: Promise<PhotoNetwork> | null = null;

/** Loads the network once, however often the page is opened; after a failure, again. */
export function photoNetwork(): Promise<PhotoNetwork> {
  network ??= load().catch((error: unknown) => {
    network = null;
    throw error;
  });
  return network;
}

async function load(): Promise<PhotoNetwork> {
  const [file, list] = await Promise.all([fetch(weights.href), fetch(classNames.href)]);
  const { ask } = startPhotoWorker();
  const backend = await ask({ does: "load", weights: await file.arrayBuffer() });
  return { ask, names: (await list.text()).trim().split("\n"), backend };
}
