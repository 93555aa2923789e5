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

const words = (text) => text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
const apart = (text) => words(text.replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2"));

/** Words of a text, names in it as they are, and the parts of names. */
const wordsAndParts = (text) => [...new Set([...words(text), ...apart(text)])];

/** Words that say nothing of what is looked for. */
const silent = new Set(
  "a an and are at can do does for from how i in is it its my of on or the to with".split(" "),
);

/**
 * @param MiniSearch the library
 * @param {{ title: string, path: string, kind: string, where: string, sentence: string, aliases: string[] }[]} entries
 * @returns {(query: string, limit?: number) => typeof entries}
 */
export function finder(MiniSearch, entries) {
  const index = new MiniSearch({
    idField: "id",
    fields: ["title", "names", "sentence", "where"],
    tokenize: wordsAndParts,
    processTerm: (term) => (silent.has(term.toLowerCase()) ? null : term.toLowerCase()),
    searchOptions: {
      boost: { title: 5, names: 4, where: 0.5 },
      tokenize: words,
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
    const ways = [{}, { tokenize: apart }, { combineWith: "OR", tokenize: wordsAndParts }];
    const found = ways.map((way) => index.search(query, way)).find(({ length }) => length > 0) ?? [];
    return [...new Set([...direct, ...found.map(({ id }) => id)])].slice(0, limit).map((id) => entries[id]);
  };
}
