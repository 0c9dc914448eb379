// The search, without a server: each word knows its places. ptwalk site.
"use strict";

const most = 40; // places that are listed

// unpacked makes a map of "attach 0 3 1,zombie 2": the places of a word, each as
// the distance to the one before, in base 36.
function unpacked(text) {
  const places = new Map();
  for (const line of text.split(",")) {
    const [word, ...steps] = line.split(" ");
    let at = 0;
    places.set(word, steps.map(step => at += parseInt(step, 36)));
  }
  return places;
}

function searchIn(index) {
  const places = unpacked(index.words);
  const input = document.getElementById("words");

  // having is the places of a word, or of those that begin with it.
  const having = word => {
    const found = new Map(); // place -> how well it fits
    for (const [other, at] of places) {
      if (!other.startsWith(word) && !other.endsWith("_" + word)) continue;
      for (const place of at) found.set(place, Math.max(found.get(place) ?? 0, other === word ? 2 : 1));
    }
    return found;
  };

  // ranked is the places that have all words, titles first.
  const ranked = words => {
    let all = null;
    for (const found of words.map(having)) {
      if (all === null) all = found;
      else all = new Map([...all].filter(([place]) => found.has(place)).map(([place, fit]) => [place, fit + found.get(place)]));
    }
    const inTitle = place => words.filter(word => index.places[place][1].toLowerCase().includes(word)).length;
    const isWord = place => Number(index.places[place][0].startsWith("glossary")) / 2;
    const score = ([place, fit]) => fit + 4 * (inTitle(place) + isWord(place) * inTitle(place));
    return [...all ?? []].sort((a, b) => score(b) - score(a) || a[0] - b[0]).map(([place]) => place);
  };

  const show = () => {
    const words = input.value.toLowerCase().match(/[a-z0-9_]+/g) ?? [];
    const found = ranked(words);
    const said = document.getElementById("found");
    said.textContent = words.length === 0 ? "" : found.length === 0 ? "No page has " + (words.length > 1 ? "all these words." : "this word.")
      : found.length > most ? `${found.length} places; the first ${most}:` : found.length === 1 ? "1 place:" : `${found.length} places:`;
    document.getElementById("places").replaceChildren(...found.slice(0, most).map(place => {
      const [to, title, within, text] = index.places[place];
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = to;
      link.textContent = title;
      item.append(link, within === title ? "" : " in " + within, document.createElement("br"), text);
      return item;
    }));
    history.replaceState(null, "", "#q=" + encodeURIComponent(input.value)); // so that it can be copied
  };

  document.getElementById("search").hidden = false;
  document.getElementById("search").addEventListener("submit", event => event.preventDefault());
  input.value = new URLSearchParams(location.hash.slice(1)).get("q") ?? "";
  input.addEventListener("input", show);
  if (input.value) show();
  input.focus();
}
