// Search by our names, and by those of PyTorch, Keras, TensorFlow.js and others. Runs in the page, and in the tests.

/** Letters and digits alone, in lower case: `torch.nn.GroupNorm` and `group_norm` end alike. */
const plain = (text) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");

/** The ways to write a name of another library: `torch.nn.functional.cross_entropy`, `F.cross_entropy`, `cross_entropy`. */
const spellings = (name) => {
  const parts = name.split(".");
  const tails = parts.map((_, i) => parts.slice(i).join("."));
  const short = name
    .replace("torch.nn.functional.", "F.")
    .replace("torch.optim.lr_scheduler.", "lr_scheduler.")
    .replace("tf.layers.", "layers.");
  return [...new Set([...tails, short].map(plain))];
};

/** Words of a text, and the parts of names in it. */
const words = (text) =>
  text
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");

/**
 * @param MiniSearch the library
 * @param {{ title: string, path: string, kind: string, where: string, sentence: string, aliases: string[] }[]} entries
 * @returns {(query: string, limit?: number) => typeof entries}
 */
export function finder(MiniSearch, entries) {
  const index = new MiniSearch({
    idField: "id",
    fields: ["title", "names", "sentence", "where"],
    tokenize: words,
    processTerm: (term) => term.toLowerCase(),
    searchOptions: {
      boost: { title: 5, names: 4, where: 0.5 },
      prefix: true,
      fuzzy: 0.2,
      combineWith: "AND",
    },
  });
  index.addAll(
    entries.map(({ title, aliases, sentence, where }, id) => ({
      id,
      title,
      names: aliases.join(" "),
      sentence,
      where,
    })),
  );
  const exact = new Map();
  const note = (key, id, rank) => exact.set(key, [...(exact.get(key) ?? []), { id, rank }]);
  entries.forEach(({ title, aliases, kind }, id) => {
    note(plain(title), id, kind === "type" || kind === "interface" ? 4 : 1);
    for (const alias of aliases) {
      const [whole, ...tails] = spellings(alias);
      note(whole, id, 0);
      for (const tail of tails) note(tail, id, tail === whole ? 0 : 2);
    }
  });
  return (query, limit = 12) => {
    const direct = (exact.get(plain(query)) ?? []).toSorted((a, b) => a.rank - b.rank).map(({ id }) => id);
    const found = index.search(query).map(({ id }) => id);
    const some = found.length > 0 ? found : index.search(query, { combineWith: "OR" }).map(({ id }) => id);
    return [...new Set([...direct, ...some])].slice(0, limit).map((id) => entries[id]);
  };
}
