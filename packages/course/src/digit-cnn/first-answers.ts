import recorded from "./first-answers.json" with { type: "json" };

/** The recorded probabilities of a ready-made digit. */
export function firstProbabilities(digit: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(recorded.probabilities[digit] ?? []);
}

/** The recorded maps of the ready-made 3, layer by layer, in 127 steps each way. */
export function firstMaps(): Float32Array[] {
  return recorded.maps.map(({ reach, text }) => {
    const bytes = Int8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return Float32Array.from(bytes, (v) => (v * reach) / 127);
  });
}
