import { NetworkError } from "./network-error.ts";
import { Network } from "./network.ts";

/** @throws {NetworkError} for what is not a {@link Network} */
export function checkNetwork(caller: string, network: Network): void {
  if (network instanceof Network) return;
  throw new NetworkError(
    `${caller}: network is ${typeof network}, expected a Network. Make one of a graph by networkOfGraph.`,
  );
}
