/* Scopes of keys: "*", "case.*", "*.read", "case.create". */

/* Does one of the words name this permission? */
export function isNamed(words: string[], permission: string): boolean {
  const [area, verb] = permission.split('.');
  return words.some((word) => {
    if (word === '*') return true;
    const [wantedArea, wantedVerb] = word.split('.');
    return (wantedArea === '*' || wantedArea === area) && (wantedVerb === '*' || wantedVerb === verb);
  });
}

/* The words with this one, without those that it holds already. */
export function withWord(words: string[], word: string): string[] {
  const narrower = (one: string) => one !== word && !one.includes('*') && isNamed([word], one);
  return [...words.filter((one) => one !== word && !narrower(one)), word];
}

export function withoutWord(words: string[], word: string): string[] {
  return words.filter((one) => one !== word);
}

/* Is it named by a word that is wider than itself? */
export function isWithin(words: string[], permission: string): boolean {
  return isNamed(words.filter((word) => word !== permission), permission);
}
