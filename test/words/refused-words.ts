// The words that the house does not use, and what to write: docs/glossary.md has the terms. Prose is comments, texts, titles and pages;
// names are identifiers and files. A space stands for any white space.

/** A phrase, matched from word to word in any case, and what to write in its stead. */
export type Refused = readonly [phrase: RegExp, instead: string];

const phrase = (source: string): RegExp => new RegExp(`\\b(?:${source.replaceAll(" ", "\\s+")})\\b`, "giu");

const prose: Readonly<Record<string, string>> = {
  // the field's terms
  "(?<!(?:first|second|third|fourth) (?:and second )?)(?<!raw |for a |at the )moments?(?! estimat)":
    "time step",
  "(?<!\\b(?:in|out of) )(?<!(?:takes?|taking|took|decimal|last) )places?(?! of\\b)":
    "position, index, pixel, spatial axis, quadrature node, address; for the verb: put",
  "(?<!negative[ _-]?)slopes?(?! of (?:a|the|each) (?:line|negative|curve))": "gradient, derivative",
  chances: "probabilities",
  "(?:a|an|the|each|whose|their|its|even) chance": "probability",
  "(?:drawn|chosen|picked|taken) by chance": "at random",
  "spoil(?:s|ed|t|ing)?": "corrupt",
  "remember(?:s|ed|ing)?": "state, cache, memory; for the verb: keep, store",
  "(?:go|goes|going|went) past": "skip connection, residual, shortcut",
  "a way around": "skip connection, shortcut",
  "(?:a|one|other|no|more) whole numbers?|whole numbers?": "integer",
  "likel(?:iest|ier)": "most likely, more likely",
  "how likely": "probability of (dropping …)",
  "puts? out|putting out": "output, return",
  "(?:the |its |their )?first weights": "initial weights",
  "who may look|may look at whom?": "attention mask, may attend to",
  "mend(?:s|ed|ing)?": "fix",
  "strangers?": "unknown, unseen",
  "by heart": "memorize",
  // how a doc comment begins
  "options of(?= (?:a |an )?\\{@link)": "Options for {@link X}",
  "how(?= (?:a |an )?\\{@link)": "Options for {@link X}; or a noun: Layout of …",
  "how (?:a|an) [^.:,;]{1,40} (?:is|are) made": "Options for {@link X}",
  "where (?:the )?(?:initial|first) weights come from": "Random generator for initialization",
  "where (?:the )?(?:draws|random numbers) come from": "Random generator",
  // turns of phrase
  "who(?:so)?ever": "say it of the user or the caller: Stop iterating to stop training",
  beside: "next to, with, in addition to",
  told: "given, distinguished, reported",
  "(?:tell|tells|telling|told|treats?) apart": "distinguish, treat separately",
  "foretells?|foretold|foretelling": "predict",
  "(?<!\\b(?:who|user|users|caller|visitor|reader|anyone|you|one) )wants": "needs, expects, requires",
  "(?:leaves?|leaving|leaving) nothing behind|nothing (?:is|was) left behind|left behind": "leaks no tensors",
  "(?<!\\bas (?:it|they) )stands? (?:in|at|there|here|above|below|beside|where|over|near|on|next|under|between|behind|before)(?! for\\b)":
    "is, is at",
  "(?<!\\bthere )(?:is|are|was) no(?! (?:longer|more|less|larger|smaller|better|worse|faster|slower|need|way|other|such|one|matter|different|proof|advantage|improvement|exception|guarantee|\\w+er)\\b)(?=\\s+[a-z])":
    "is not a …, has no …",
  "go(?:es)? on(?! (?:a|an|the|each|every|to|with|top|cpu|gpu|wasm|webgpu)\\b)": "continue, resume",
  "(?<!\\bthe )rests? in|at rest": "is in … by default",
  "hangs? on": "depends on",
  "(?:of|one of) (?:ours|theirs|one's own)": "our, their, custom",
  "(?:some|every|any)body": "everyone, someone",
  "comes? of": "result from, result of",
  "to be had": "available",
  "do(?:es)? not fall into": "is not divisible by",
  "fall(?:s)? into (?=\\d|\\$|groups|windows)": "divide into",
  "the (?:state|states|step|token|tokens|layer|value|moment|character|one|ones) before(?=\\s*[.,;:)`]|\\s+(?:adds?|is|was|are|were)\\b|$)":
    "previous",
  "(?:when|where) (?:it|this view|this map|this) lies": "Limitations",
  "sewn|sews?|sewing": "join",
  "breathes?|breathing": "yield to the event loop",
  "; else(?! if\\b)": "otherwise",
  "thrice|whence|whither|whereby|wherein|therein|thereof|hereby|heretofore|lest|albeit|naught|aught|yonder|nigh|erstwhile|betwixt|amidst|unto|'tis":
    "modern English",
};

/** Refused in comments, texts, titles and pages. */
export const refusedProse: readonly Refused[] = Object.entries(prose).map(([source, instead]) => [
  source.startsWith(";") ? new RegExp(source.replaceAll(" ", "\\s+"), "giu") : phrase(source),
  instead,
]);

/** Refused in identifiers and names of files, as words of them in lower case joined by spaces: `lstm moment`. */
export const refusedNames: readonly Refused[] = Object.entries({
  "(?<!(?:first|second) )moments?": "timeStep",
  "(?<!in )(?<!\\btake )places?(?!holder)": "position, index, pixel, spatialAxes, node, address",
  "(?<!negative )slopes?": "gradient, derivative",
  "chances?": "probability",
  "spoil(?:ed|s|t)?": "corrupted",
  "remember(?:s|ed)?": "state, cache",
  "likel(?:iest|ier)": "mostLikely, predicted",
  "strangers?": "unknown",
  "^who$": "caller",
  "^alike$": "repeatInitialized, equal",
  "^lies$": "caveats",
  told: "given, reported",
  beside: "adjacent, with",
  wants: "expects",
  breathe: "yieldToEventLoop",
  "made of": "inputs, trace",
  "total to": "sumToShape",
  "pass on": "propagateRelevance",
  "stored by torch": "HasTorchLayout",
  "found text": "Hypothesis",
  "multihead found": "AttentionOutput",
  "answer questions": "serveRequests",
  "drop moments?": "dropTimeSteps",
  "mend(?:s|ed)?": "fixed",
  foretell: "predict",
}).map(([source, instead]) => [
  new RegExp(source.startsWith("^") ? source : `\\b(?:${source})\\b`, "gu"),
  instead,
]);

/** Where a refused word is the right one: files, what the line or the name has, and why. */
export const allowed: readonly (readonly [files: RegExp, text: RegExp, reason: string])[] = [
  [/./u, /alibi[ _]?slope|slopes? of alibi|head-specific slope/iu, "the paper's own word"],
  [/\/(alibi|prelu|leaky-relu|rrelu)\b/u, /slope/iu, "PyTorch's negative_slope, and ALiBi's slopes"],
  [/calculate-gain|kaiming/u, /slope/iu, "PyTorch: the negative slope of the rectifier"],
  [/(curve|plot|chart|axis|ticks)[^/]*$/u, /slope/iu, "the slope of a line in a plot"],
  [
    /\/(adam|adamw|adamax|nadam|radam|lion|muon|adafactor|optim)\b/u,
    /moments?/iu,
    "Adam's first and second moment",
  ],
  [/./u, /\btf\.moments\b|"moments"|`moments`|\bmoments [( ]/u, "the op of tfjs"],
  [/core-train\/src\/nn\/dropout\.test/u, /\bmoments\b/u, "the op of tfjs, imported by its name"],
  [
    /\.changeset\//u,
    /`(?:PlacesMap|breathe|madeOf|slope|place|StoredByTorch)`/u,
    "the name before the change",
  ],
  [/adam|optim|readme\.test/iu, /moments of each parameter/u, "the two of Adam"],
  [/drifted-kernel/u, /moment|slope/u, "a wrong name on purpose"],
  [/test\/words/u, /./u, "the list itself"],
];
