/* Two changed the same thing since it was read: part by part, what became of it. */

/* A part of what is designed: what people call it, how it reads, and what it is. */
export interface Part {
  label: string;
  text: string;
  value: unknown;
}
export type Parts = Map<string, Part>;

export interface Clash {
  key: string;
  label: string;
  mine: Part | undefined; /* undefined: it was removed */
  theirs: Part | undefined;
}

export interface Merged {
  clashes: Clash[]; /* both changed it, differently */
  mine: string[];   /* labels of what only one of them changed */
  theirs: string[];
  parts(sides: Record<string, string>): Parts; /* with "theirs" for the clashes that are theirs */
}

const same = (one: Part | undefined, other: Part | undefined) => JSON.stringify(one?.value) === JSON.stringify(other?.value);

export function merge(base: Parts, mine: Parts, theirs: Parts): Merged {
  const keys = [...new Set([...theirs.keys(), ...mine.keys(), ...base.keys()])];
  const labelOf = (key: string) => (mine.get(key) ?? theirs.get(key) ?? base.get(key))!.label;
  const changed = keys.filter((key) => !same(mine.get(key), theirs.get(key)));
  const clashes = changed.filter((key) => !same(base.get(key), mine.get(key)) && !same(base.get(key), theirs.get(key)));
  const only = (side: Parts) => changed.filter((key) => !clashes.includes(key) && !same(base.get(key), side.get(key))).map(labelOf);
  const choose = (sides: Record<string, string>) => {
    const out: Parts = new Map();
    for (const key of keys) {
      const isMine = clashes.includes(key) ? sides[key] !== 'theirs' : !same(base.get(key), mine.get(key));
      const part = (isMine ? mine : theirs).get(key);
      if (part) out.set(key, part);
    }
    return out;
  };
  return { clashes: clashes.map((key) => ({ key, label: labelOf(key), mine: mine.get(key), theirs: theirs.get(key) })), mine: only(mine), theirs: only(theirs), parts: choose };
}
