// What the page says: that it is signed out, wants a person, or why there will be no picture.

// Chat pages name a conversation after its prompt: a title says nothing where one can write.
const shows = (site, sign) =>
  (sign.url && (matching(sign.url, location.pathname) || matching(sign.url, location.host + location.pathname))) ||
  (sign.title && matching(sign.title, document.title) && !pick(site.prompt.box)) ||
  pick(sign.present);

const blocked = (site) => {
  if (shows(site, site.challenge)) return { blocked: "human" };
  if (shows(site, site.signed_out)) return { blocked: "login" };
  return null;
};

// What the page says without what it repeats of the prompt: a script may speak of limits itself.
const unquoted = (words) => {
  const pieces = ownText.split(/[.!?\n]+/).map(squeeze).filter((piece) => piece.length > 15);
  return [squeeze(ownText), ...pieces].reduce((rest, piece) => (piece ? rest.replaceAll(piece, " … ") : rest), words);
};

const SAID = 500;
const meaning = (site, place, words) => {
  for (const [index, saying] of site.says.entries()) {
    if (!saying.where.includes(place)) continue;
    const found = matching(saying.pattern, words);
    if (!found) continue;
    const start = Math.max(0, found.index + Math.min(found[0].length, 100) - SAID / 2);
    return { outcome: saying.outcome, saying: index, said: words.slice(start, start + SAID) };
  }
  return null;
};

// Dialogs and toasts vanish: they are heard when they come and kept until the attempt has ended. What was there
// before an attempt began was meant for another one.
// Pages show the same words again, and in the same element: what has gone is forgotten.
let known = new Map();
let knownTitle = "";
let heard = [];

const talkers = (site) => [
  ...site.dialogs.flatMap((selector) => finder(selector)(document).map((element) => [element, "dialog"])),
  ...site.toasts.flatMap((selector) => finder(selector)(document).map((element) => [element, "toast"])),
].filter(([element]) => visible(element));

const hear = (site, place, words) => {
  const meant = meaning(site, place, unquoted(words));
  if (meant) heard.push(meant);
};
const listen = (site) => {
  const now = new Map();
  for (const [element, place] of talkers(site)) {
    const words = squeeze(element.innerText);
    if (!words || now.has(element)) continue;
    now.set(element, words);
    if (known.get(element) !== words) hear(site, place, words);
  }
  known = now;
  if (document.title !== knownTitle) {
    knownTitle = document.title;
    hear(site, "title", knownTitle);
  }
  return heard[0] || null;
};
// The browser's own box for words never waits for anybody here: it counts as a dialog.
window.alert = (words) => {
  if (window.__novelgen.site) hear(window.__novelgen.site, "dialog", squeeze(String(words)));
  lookAgain();
};
const forgetTalk = (site) => {
  listen(site);
  heard = [];
};
// A limit that is written somewhere at this moment, whoever it was meant for.
const standingLimit = (site) => {
  for (const [element, place] of talkers(site)) {
    const meant = meaning(site, place, squeeze(element.innerText));
    if (meant && ["quota", "rate", "throttle"].includes(meant.outcome)) return meant;
  }
  return null;
};
