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

// Pages that do not mark complete answers show previews that look like pictures.
const UNMARKED_SETTLE = 1.0; // seconds
const settling = (site) => site.result.settle ?? (site.result.done.length ? 0 : UNMARKED_SETTLE);
const unfound = (element) => ({
  wrong: ["result.picture", `a picture of ${width(element)}x${height(element)} has come, and none of these finds it (${selectorFor(element) || describe(element)} would)`],
});

// `trusted`: the profile has found a picture before.
const appended = (site, trusted) => {
  const busy = isBusy(site);
  const told = listen(site);
  const answers = answersTo(site);
  const answer = answers.at(-1);
  const words = squeeze(answers.map((one) => one.innerText).join(" "));
  const images = [...new Set(answers.flatMap((one) => picturesIn(site, one)))];
  const working = busy || Boolean(site.result.working && words && matching(site.result.working, words));
  const marked = Boolean(answer && site.result.done.length && pick(site.result.done, answer, there));
  const quiet = calmFor([busy, working, marked, words, signature(images)].join("\n"));
  if (!answer) return told && !busy && after(quiet, REFUSAL) ? told : null;

  // What was shown before the send is not ours, wherever the page puts it now.
  const fit = images.filter((image) => whole(site, image) && !eachBefore.has(signature([image])));
  const settled = () => !images.some(loading) && after(quiet, settling(site));
  if (site.result.choice && matching(site.result.choice, words) && apart(fit).length > 1)
    return settled() ? { images: apart(fit), several: true } : null;
  const complete = site.result.done.length ? marked : !working;
  if (fit.length) {
    if (!complete) return !working && after(quiet, UNDONE) ? { images: [best(fit)] } : null;
    return settled() ? { images: [best(fit)] } : null;
  }
  if (images.some(loading)) return null;
  const meant = meaning(site, "turn", unquoted(words)) || told;
  if (meant && !busy && (marked || after(quiet, working ? UNDONE : REFUSAL))) return meant;
  if (!complete) return null;
  answer.scrollIntoView({ block: "end" }); // pictures off the screen may have been taken out of the page
  if (!after(quiet, (site.result.done.length ? REFUSAL : UNMARKED) + settling(site))) return null;
  if (!trusted && overlooked(site, answers)) return unfound(overlooked(site, answers));
  if (images.length) return { unloaded: true };
  return { outcome: "soft-refused", said: words.slice(0, SAID) };
};

const replaced = (site, trusted) => {
  const busy = isBusy(site);
  busySeen ||= busy;
  const told = listen(site);
  const images = picturesIn(site, pictureFrame(site));
  const now = signature(images);
  const quiet = calmFor(`${busy}\n${now}`);
  if (busy) return null;
  if (told) return told;
  const fit = images.filter((image) => whole(site, image));
  if (images.some(loading) || !after(quiet, settling(site))) return null;
  // A gallery keeps earlier pictures beside the new one.
  const fresh = fit.filter((image) => !eachBefore.has(signature([image])));
  if (fresh.length && now !== picturesBefore) return { images: [best(fresh)] };
  if (!busySeen || !after(quiet, settling(site) + REFUSAL)) return null;
  if (!trusted && !fit.length && overlooked(site, [document])) return unfound(overlooked(site, [document]));
  if (!fit.length) return { outcome: "retryable", said: "the page stopped working and shows no picture" };
  if (site.result.same_twice) return { images: [best(fit)] };
  return { outcome: "retryable", said: "the page shows the previous picture again" };
};

const judged = (site, trusted) =>
  blocked(site) || (site.result.mode === "replaced" ? replaced(site, trusted) : appended(site, trusted));
