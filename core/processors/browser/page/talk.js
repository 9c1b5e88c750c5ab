// What the page says: that it is signed out, wants a person, or why there will be no picture.

const shows = (sign) =>
  (sign.url && (matching(sign.url, location.pathname) || matching(sign.url, location.host + location.pathname))) ||
  (sign.title && matching(sign.title, document.title)) ||
  pick(sign.present);

const blocked = (site) => {
  if (shows(site.challenge)) return { blocked: "human" };
  if (shows(site.signed_out)) return { blocked: "login" };
  return null;
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
const known = new WeakMap();
let knownTitle = "";
let heard = [];

const talkers = (site) => [
  ...site.dialogs.flatMap((selector) => finder(selector)(document).map((element) => [element, "dialog"])),
  ...site.toasts.flatMap((selector) => finder(selector)(document).map((element) => [element, "toast"])),
].filter(([element]) => visible(element));

const listen = (site) => {
  for (const [element, place] of talkers(site)) {
    const words = squeeze(element.innerText);
    if (!words || known.get(element) === words) continue;
    known.set(element, words);
    const meant = meaning(site, place, words);
    if (meant) heard.push(meant);
  }
  if (document.title !== knownTitle) {
    knownTitle = document.title;
    const meant = meaning(site, "title", knownTitle);
    if (meant) heard.push(meant);
  }
  return heard[0] || null;
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
