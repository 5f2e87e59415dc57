// Long labels where there is little room: broken between words, and cut only where that is not enough.

/** Returns `text` in at most `lines` lines of at most `most` characters; what is left over is cut, with an ellipsis. */
export function wrapped(text, most, lines) {
  const found = [""];
  for (const word of text.split(" ")) {
    const longer = found.at(-1) ? `${found.at(-1)} ${word}` : word;
    if (longer.length <= most || !found.at(-1)) found[found.length - 1] = longer;
    else found.push(word);
  }
  const kept = found.slice(0, lines).map((line) => (line.length > most ? `${line.slice(0, most - 1)}…` : line));
  if (found.length > lines) kept[lines - 1] = `${kept[lines - 1].replace(/…$/, "").slice(0, most - 1)}…`;
  return kept;
}
