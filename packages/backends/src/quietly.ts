import { env } from "@tensorflow/tfjs-core";

/** Runs `body` while tfjs prints nothing: no banners, no advice on what else to install. */
export async function quietly<T>(body: () => Promise<T>): Promise<T> {
  const before = env().getBool("PROD");
  env().set("PROD", true); // all that this flag does is to keep tfjs' log silent
  try {
    return await body();
  } finally {
    env().set("PROD", before);
  }
}
