// Is the picture there? Judged anew at every look, from what can be seen at that moment.

const REFUSAL = 1.5; // seconds an answer without a picture stays as it is before it is believed
const UNMARKED = 5; // the same where the page does not mark complete answers
const UNDONE = 15; // seconds after which a whole picture counts though the answer is not marked complete

let busySeen = false;
let calm = { key: "", since: 0 };
// Seconds since `key` last changed.
const calmFor = (key) => {
  const now = performance.now();
  if (calm.key !== key) calm = { key, since: now };
  return (now - calm.since) / 1000;
};
const after = (quiet, seconds) => {
  if (quiet >= seconds) return true;
  wake((seconds - quiet) * 1000);
  return false;
};

const best = (fit) => fit.reduce((one, other) => (area(other) > area(one) ? other : one));
const apart = (fit) => {
  const groups = Map.groupBy ? Map.groupBy(fit, identity) : fit.reduce((all, e) => all.set(identity(e), [...(all.get(identity(e)) || []), e]), new Map());
  return [...groups.values()].map(best);
};

const appended = (site) => {
  const busy = isBusy(site);
  const told = listen(site);
  const answer = answerTo(site);
  const words = answer ? squeeze(answer.innerText) : "";
  const images = picturesIn(site, answer);
  const working = busy || Boolean(site.result.working && words && matching(site.result.working, words));
  const marked = Boolean(answer && site.result.done.length && pick(site.result.done, answer, there));
  const quiet = calmFor([busy, working, marked, words, signature(images)].join("\n"));
  if (!answer) return told && !busy && after(quiet, REFUSAL) ? told : null;

  const fit = images.filter((image) => whole(site, image));
  const settled = () => !images.some(loading) && after(quiet, site.result.settle);
  if (site.result.choice && matching(site.result.choice, words) && apart(fit).length > 1)
    return settled() ? { images: apart(fit), several: true } : null;
  const complete = site.result.done.length ? marked : !working;
  if (fit.length) {
    if (!complete) return !working && after(quiet, UNDONE) ? { images: [best(fit)] } : null;
    return settled() ? { images: [best(fit)] } : null;
  }
  if (images.some(loading)) return null;
  const meant = meaning(site, "turn", words) || told;
  if (meant && !busy && (marked || after(quiet, REFUSAL))) return meant;
  if (!complete) return null;
  answer.scrollIntoView({ block: "end" }); // pictures off the screen may have been taken out of the page
  if (!after(quiet, (site.result.done.length ? REFUSAL : UNMARKED) + site.result.settle)) return null;
  if (images.length) return { outcome: "retryable", said: "the picture did not load" };
  return { outcome: "soft-refused", said: words.slice(0, SAID) };
};

const replaced = (site) => {
  const busy = isBusy(site);
  busySeen ||= busy;
  const told = listen(site);
  const images = picturesIn(site, pictureFrame(site));
  const now = signature(images);
  const quiet = calmFor(`${busy}\n${now}`);
  if (busy) return null;
  if (told) return told;
  const fit = images.filter((image) => whole(site, image));
  if (images.some(loading) || !after(quiet, site.result.settle)) return null;
  // A gallery keeps earlier pictures beside the new one.
  const fresh = fit.filter((image) => !eachBefore.has(signature([image])));
  if (fresh.length && now !== picturesBefore) return { images: [best(fresh)] };
  if (!busySeen || !after(quiet, site.result.settle + REFUSAL)) return null;
  if (!fit.length) return { outcome: "retryable", said: "the page stopped working and shows no picture" };
  if (site.result.same_twice) return { images: [best(fit)] };
  return { outcome: "retryable", said: "the page shows the previous picture again" };
};

const judged = (site) => blocked(site) || (site.result.mode === "replaced" ? replaced(site) : appended(site));
