import { reshape, tidy } from "@tensorflow/tfjs-core";
import { recordOf, textOf } from "./json-record.ts";
import { LayerConfig } from "./layer-config.ts";
import type { LayerSource, MadeLayer } from "./made-layer.ts";
import { single } from "./made-layer.ts";

/** Applies a layer at each time step on its own: all of them as one batch. */
export function timeDistributed(source: LayerSource, make: (source: LayerSource) => MadeLayer): MadeLayer {
  const { config } = source;
  const wrapped = recordOf(config.fields["layer"], `layer of "${config.name}"`);
  const fields = recordOf(wrapped["config"], "config");
  const inner = new LayerConfig(
    textOf(wrapped["class_name"], "class_name"),
    textOf(fields["name"], "name"),
    fields,
  );
  const { module, run } = make({ ...source, config: inner, scope: config.name });
  return single(module, (x) =>
    tidy(() => {
      const [batch, time, ...rest] = x.shape as [number, number, ...number[]];
      const [y] = run([reshape(x, [batch * time, ...rest])]);
      return reshape(y ?? x, [batch, time, ...(y ?? x).shape.slice(1)]);
    }),
  );
}
